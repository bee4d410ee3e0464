import { BIT } from "../quality/tests.ts";
import type { Network } from "../state/network.ts";
import type { TickContext } from "./context.ts";

/** Values that must agree at least: two sensors of one coarse step agree by chance. Ours. */
const FEWEST_VALUES = 2;
/** Samples in a row that must agree, however long they took. Ours. */
const FEWEST_TICKS = 6;
const NONE = -1;

/** Two stations that send the same to the last digit, minute after minute: one passes on the other's values. Which one is
 *  told by what it usually is against its neighbours. */
export function assessFeeds(context: TickContext): void {
  const { network, rules, work } = context;
  const { twin, twinTicks, feedTests } = network.columns;
  const groups = fingerprints(context);
  for (let s = 0; s < twin.length; s++) follow(network, s, groups);
  const enough = Math.max(FEWEST_TICKS, work.ticks(rules.quality.twinMinutes));
  for (let s = 0; s < twin.length; s++) {
    const other = twin[s] as number;
    const told = other !== NONE && (twinTicks[s] as number) >= enough;
    // Once told it stays so while they agree: the values of the one that is told no longer lean anywhere.
    const isPassingOn = told && (feedTests[s] !== 0 || (feedTests[other] === 0 && leansMore(network, s, other)));
    feedTests[s] = isPassingOn ? BIT["foreign-feed"] : 0;
  }
}

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);

/** One number per station for all that it sent in this tick (FNV-1a over the values' bits); stations by number. What a
 *  station repeats says nothing: two frozen devices may have frozen at the same values. */
function fingerprints({ network, tick }: TickContext): ReadonlyMap<number, readonly number[]> {
  const { fingerprint } = network.columns;
  const groups = new Map<number, number[]>();
  for (let s = 0; s < fingerprint.length; s++) {
    let [hash, values] = [2_166_136_261, 0];
    for (const [i, { columns }] of network.channels.entries()) {
      if (columns.lastTick[s] !== tick) continue;
      floats[0] = columns.last[s] as number;
      hash = Math.imul(Math.imul(hash ^ i, 16_777_619) ^ (words[0] as number), 16_777_619) >>> 0;
      values++;
    }
    const before = fingerprint[s];
    fingerprint[s] = values < FEWEST_VALUES ? 0 : Math.max(1, hash);
    if (fingerprint[s] === 0 || fingerprint[s] === before) continue;
    const group = groups.get(fingerprint[s] as number);
    if (group) group.push(s);
    else groups.set(fingerprint[s] as number, [s]);
  }
  return groups;
}

/** Goes on counting with the same other station, or begins anew. A minute in which either is silent counts for nothing. */
function follow({ columns }: Network, s: number, groups: ReadonlyMap<number, readonly number[]>): void {
  const { fingerprint, twin, twinTicks } = columns;
  const mine = fingerprint[s] as number;
  if (mine === 0) return;
  const same = groups.get(mine) ?? [];
  const before = twin[s] as number;
  if (same.includes(before)) {
    twinTicks[s] = (twinTicks[s] as number) + 1;
    return;
  }
  if (before !== NONE && (fingerprint[before] === 0 || fingerprint[before] === mine)) return;
  twin[s] = same.find((other) => other !== s) ?? NONE;
  twinTicks[s] = twin[s] === NONE ? 0 : 1;
}

/** Does it stand further from where it usually stands? */
function leansMore(network: Network, s: number, other: number): boolean {
  const mine = leanOf(network, s);
  const theirs = leanOf(network, other);
  return mine > theirs || (mine === theirs && s > other);
}

function leanOf({ channels }: Network, s: number): number {
  let sum = 0;
  for (const { columns, rules } of channels) {
    const floor = rules[s]?.noiseFloor ?? Number.POSITIVE_INFINITY;
    sum += ((columns.lean[s] as number) / floor) ** 2;
  }
  return sum;
}
