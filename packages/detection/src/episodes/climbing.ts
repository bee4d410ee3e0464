import { NEIGHBOUR_SLOTS } from "../space/neighbours.ts";
import type { Channels } from "../state/network.ts";
import { median } from "../stats/median.ts";
import type { TickContext } from "../tick/context.ts";
import { slotOf } from "../tick/frame.ts";

/** Ten minutes each: now, before, and before that. */
const BLOCK_MINUTES = 10;
/** Shares of what it shows now, ten and twenty minutes ago: more than a step leaves behind, less than smoke that has
 *  arrived. Ours. */
const CLIMB_BEFORE = { least: 0.25, most: 0.95 };
const CLIMB_EARLIER = 0.65;
/** Neighbours that rise as well: without them there is no front. Ours. */
const FRONT_NEIGHBOURS = 2;
/** Radians without a neighbour: a third of the horizon. Ours. */
const EDGE_GAP = (2 * Math.PI) / 3;
/** Seen so many minutes ago it still counts: noise hides a climb for a minute. Ours. */
const CLIMB_SHIFTS = [0, 3, 6];

/** Does it climb steadily for half an hour? Smoke arrives within minutes and then stays or swings; a front that reaches
 *  the edge of the city before its neighbours climbs for an hour. False in networks that report too seldom to tell. */
export function isClimbing(context: TickContext, channels: Channels, s: number): boolean {
  if (context.work.shape.tickMinutes > BLOCK_MINUTES / 3) return false;
  if (risingNeighbours(context, channels, s) < FRONT_NEIGHBOURS && !isAtEdge(context, s)) return false;
  return CLIMB_SHIFTS.some((shift) => {
    const now = blockMedian(context, channels, s, shift);
    const before = blockMedian(context, channels, s, shift + BLOCK_MINUTES);
    const earlier = blockMedian(context, channels, s, shift + 2 * BLOCK_MINUTES);
    return before > CLIMB_BEFORE.least * now && before < CLIMB_BEFORE.most * now && earlier < CLIMB_EARLIER * now;
  });
}

/** Do all the neighbours stand to one side? There a front arrives before anybody else sees it. */
function isAtEdge({ network, rules }: TickContext, s: number): boolean {
  const bearings = Array.from(neighboursOf({ network, rules }, s), (other) =>
    Math.atan2(
      (network.x[other] as number) - (network.x[s] as number),
      (network.y[other] as number) - (network.y[s] as number),
    ),
  ).sort((a, b) => a - b);
  const gaps = bearings.map((bearing, i) => (bearings[i + 1] ?? (bearings[0] as number) + 2 * Math.PI) - bearing);
  return Math.max(...gaps) >= EDGE_GAP;
}

/** Neighbours that have left their slow baselines, of those that make the background. */
function risingNeighbours({ network, rules }: TickContext, { columns: c, rules: own }: Channels, s: number): number {
  const risen = rules.regional.zoneRise * (own[s]?.delta ?? Number.POSITIVE_INFINITY);
  return neighboursOf({ network, rules }, s).filter((other) => (c.rise[other] as number) > risen).length;
}

/** Those that make the background: indices of stations. */
function neighboursOf({ network, rules }: Pick<TickContext, "network" | "rules">, s: number): Int32Array {
  const from = s * NEIGHBOUR_SLOTS;
  const near = network.neighbours.index.subarray(from, from + rules.background.neighbours);
  return near.filter((other) => other >= 0);
}

/** Middle increment of the ten minutes that ended so many minutes ago. */
function blockMedian(context: TickContext, channels: Channels, s: number, ago: number): number {
  const { history } = context.work.shape;
  const from = ago === 0 ? 0 : context.work.ticks(ago);
  const values: number[] = [];
  for (let i = from; i < Math.min(history, from + context.work.ticks(BLOCK_MINUTES)); i++)
    values.push(channels.columns.increments[s * history + slotOf(context.tick - i, history)] as number);
  return median(values);
}
