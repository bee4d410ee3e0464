import type { StationEvent } from "@hotgrid/contracts";
import { BIT, flagOf, testNames } from "../quality/tests.ts";
import { NEVER } from "../state/columns.ts";
import { minutesOf, type TickContext, timeOf } from "./context.ts";

/** A station counts as late for so long after a late reading. min, ours. */
const LATE_MINUTES = 30;

/** A channel's flag and tests, where they changed since they were last told. */
export function qualityEvents(context: TickContext): StationEvent[] {
  const { network } = context;
  const events: StationEvent[] = [];
  for (let s = 0; s < network.stations.length; s++) {
    const { lateTick } = network.columns;
    const extra = minutesOf(context, context.tick - (lateTick[s] as number)) <= LATE_MINUTES ? BIT.late : 0;
    for (const { property, columns: c } of network.channels) {
      if (c.lastTick[s] === NEVER && !(extra && network.stations[s]?.properties.includes(property))) continue;
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
