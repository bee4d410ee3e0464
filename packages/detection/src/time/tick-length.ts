/** Shortest and longest tick, ms. Decisions are thought in minutes; an hourly network decides by the hour. */
const SHORTEST_MS = 60_000;
const LONGEST_MS = 3_600_000;

/** The tick follows the network's reporting interval (the median of its stations'): one minute for all that report at
 *  least so often, 2.5 minutes or an hour for networks that report every 2.5 minutes or hourly. Durations of the rules
 *  stay what they are: a tick of an hour counts as 60 minutes of evidence, so that one hourly sample opens an episode
 *  provisionally and the second confirms it. */
export function tickMs(intervalsSeconds: readonly number[]): number {
  const sorted = [...intervalsSeconds].sort((a, b) => a - b);
  const middle = (sorted[sorted.length >> 1] ?? 60) * 1000;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.round(middle)));
}
