import type { Evidence } from "@hotgrid/contracts";
import { testNames } from "../quality/tests.ts";
import { windAround } from "../source/wind.ts";
import { NEIGHBOUR_SLOTS } from "../space/neighbours.ts";
import type { Channels } from "../state/network.ts";
import { onesOfLast } from "../stats/hot-bits.ts";
import { type TickContext, timeOf } from "../tick/context.ts";
import { slotOf } from "../tick/frame.ts";
import { THRESHOLD_TERMS } from "../tick/threshold.ts";
import { steadiness } from "./steadiness.ts";

/** Numbers in messages carry no more digits than they mean. */
export const round = (x: number, digits = 3): number => {
  const scale = 10 ** digits;
  return Number.isFinite(x) ? Math.round(x * scale) / scale : 0;
};

/** What a verdict about a station rests on, at this tick. */
export function evidenceOf(context: TickContext, channel: number, s: number, notes: readonly string[]): Evidence {
  const { network, rules, work } = context;
  const channels = network.channels[channel] as Channels;
  const c = channels.columns;
  const window = work.ticks(rules.decision.holdWindowMinutes);
  const background = (c.neighbours[s] as number) >= rules.background.fewestNeighbours ? c.background[s] : c.base[s];
  return {
    stationId: network.stations[s]?.id ?? "",
    observedProperty: channels.property,
    at: timeOf(context, context.tick),
    ...readingOf(context, s),
    value: round((Number.isNaN(c.x[s] as number) ? c.raw[s] : c.x[s]) as number),
    background: round(background as number),
    excess: round(c.residual[s] as number),
    threshold: round(c.threshold[s] as number),
    thresholdTerm: THRESHOLD_TERMS[c.term[s] as number] ?? "smallest-increment",
    z: round(c.z[s] as number),
    hotMinutes: Math.round(onesOfLast(c.hotLow[s] as number, c.hotHigh[s] as number, window) * work.shape.tickMinutes),
    steadiness: steadiness(context, channels, s),
    neighbours: neighboursOf(context, channels, s),
    otherProperties: othersOf(context, channel, s),
    wind: windAround(context, s),
    notes: [...notes, ...testNames(c.tests[s] as number)],
  };
}

/** The station's latest reading at this tick, of those that it has had since. */
function readingOf({ network, tick, work }: TickContext, s: number): Pick<Evidence, "phenomenonTime"> {
  const { pending, tickMs } = work.shape;
  for (let heard = tick; heard > tick - pending; heard--) {
    const time = network.columns.readingTime[s * pending + slotOf(heard, pending)] as number;
    if (Math.floor(time / tickMs) === heard) return { phenomenonTime: time };
  }
  return {};
}

function neighboursOf(context: TickContext, channels: Channels, s: number): Evidence["neighbours"] {
  const { network, rules } = context;
  const found: Evidence["neighbours"] = [];
  for (let k = s * NEIGHBOUR_SLOTS; k < (s + 1) * NEIGHBOUR_SLOTS && found.length < rules.background.neighbours; k++) {
    const other = network.neighbours.index[k] as number;
    const station = network.stations[other];
    const value = channels.columns.median[other] as number;
    if (!station || Number.isNaN(value)) continue;
    found.push({
      stationId: station.id,
      distanceMetres: Math.round(network.neighbours.distance[k] as number),
      value: round(value),
      rise: round(channels.columns.rise[other] as number),
    });
  }
  return found;
}

function othersOf(context: TickContext, channel: number, s: number): Evidence["otherProperties"] {
  return context.network.channels.flatMap((other, i) => {
    const value = other.columns.x[s] as number;
    if (i === channel || Number.isNaN(value)) return [];
    return [
      { observedProperty: other.property, value: round(value), excess: round(other.columns.residual[s] as number) },
    ];
  });
}
