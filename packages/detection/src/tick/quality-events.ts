import type { StationEvent } from "@hotgrid/contracts";
import { BIT, flagOf, testNames } from "../quality/tests.ts";
import { NEVER } from "../state/columns.ts";
import { minutesOf, type TickContext, timeOf } from "./context.ts";

/** A station counts as late for so long after a late reading. min, ours. */
const LATE_MINUTES = 30;

/** A channel's flag and tests, where they changed since they were last told. */
export function qualityEvents(context: TickContext): StationEvent[] {
  const { network, rules } = context;
  const events: StationEvent[] = [];
  for (let s = 0; s < network.stations.length; s++) {
    const extra = stationBits(context, s, rules.quality.skewSuspectSeconds);
    for (const { property, columns: c } of network.channels) {
      if (c.lastTick[s] === NEVER) continue;
      const tests = (c.tests[s] as number) | extra;
      if (tests === c.published[s] && c.publishedFlag[s] !== 0) continue;
      c.published[s] = tests;
      const flag = flagOf(tests);
      c.publishedFlag[s] = flag;
      const stationId = network.stations[s]?.id ?? "";
      events.push({
        kind: "quality",
        stationId,
        observedProperty: property,
        flag,
        tests: testNames(tests),
        at: timeOf(context, context.tick),
      });
    }
  }
  return events;
}

function stationBits(context: TickContext, s: number, suspectSeconds: number): number {
  const { lateTick, skew } = context.network.columns;
  const late = minutesOf(context, context.tick - (lateTick[s] as number)) <= LATE_MINUTES ? BIT.late : 0;
  const off = Math.abs(skew[s] as number) > suspectSeconds ? BIT["clock-skew-suspect"] : 0;
  return late | off;
}
