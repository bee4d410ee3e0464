import type { ChannelRules } from "../rules/channel-rules.ts";
import type { Frame } from "./frame.ts";

/** Share of the level beyond which a learned pattern is not carried over. What was learned in haze (a city's excess over
 *  its suburbs) does not hold when clean air comes: it would leave less than nothing. Ours. */
const MOST_PATTERN = 0.5;

/** What a station usually shows above or below its background at this hour, as far as it can hold at `level`. A sensor's
 *  zero may be off by up to delta at any level. */
export function patternOf(frame: Frame, s: number, level: number, own: ChannelRules, gainTerm: number): number {
  return limited(gainTerm + learned(frame, s), Math.max(own.delta, MOST_PATTERN * level));
}

/** The same as far as others may be told air without it: the neighbours' median stands a zero that is off. */
export const sharedPatternOf = (frame: Frame, s: number, level: number, own: ChannelRules): number =>
  limited(learned(frame, s), Math.max(own.noiseFloor, MOST_PATTERN * level));

/** Would more of it change nothing that is decided at this level? Then it must not be learned: it would grow for ever. */
export function isSaturated(frame: Frame, s: number, level: number, own: ChannelRules, error: number): boolean {
  const pattern = learned(frame, s);
  return Math.abs(pattern) > Math.max(own.delta, MOST_PATTERN * level) && pattern * error > 0;
}

const limited = (pattern: number, most: number): number => Math.max(-most, Math.min(most, pattern));
const learned = ({ columns: c, hour }: Frame, s: number): number =>
  (c.offset[s] as number) + (c.hourOffsets[s * 24 + hour] as number);
