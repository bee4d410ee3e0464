import { UNHEALTHY } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { NEIGHBOUR_SLOTS } from "../space/neighbours.ts";
import { ewma } from "../stats/decay.ts";
import { MAD_TO_SIGMA, medianOfFirst } from "../stats/median.ts";
import { type Frame, slotOf } from "./frame.ts";
import { sharedPatternOf } from "./pattern.ts";

const values = new Float64Array(8);
const rises = new Float64Array(8);
/** What each station contributes to others' backgrounds: scratch of one tick, NaN = nothing. */
let contributions = new Float64Array(0);

/** Each station's rise over its slow baseline, and its five-minute median without its own daily pattern. */
export function prepareContributions(frame: Frame): void {
  const { columns: c, network, work, channels } = frame;
  const n = network.stations.length;
  if (contributions.length < n) contributions = new Float64Array(n);
  for (let s = 0; s < n; s++) {
    const median = c.median[s] as number;
    if (Number.isNaN(median)) {
      c.rise[s] = 0;
      contributions[s] = Number.NaN;
      continue;
    }
    if (Number.isNaN(c.base[s] as number)) c.base[s] = median;
    const base = c.base[s] as number;
    c.rise[s] = median - base;
    const pattern = sharedPatternOf(frame, s, median, channels.rules[s] as ChannelRules);
    contributions[s] = (c.tests[s] as number) & UNHEALTHY ? Number.NaN : median - pattern;
    const hot = (c.hotLow[s] as number) & 1;
    if (!hot && !c.inEpisode[s]) c.base[s] = ewma(base, median, work.slow);
  }
}

/** Background as the median over the nearest healthy neighbours, its scatter, how much they rise, and whether the
 *  station stands in a regional zone. */
export function lookAround({ columns: c, network, rules }: Frame, s: number, own: ChannelRules): void {
  const { index } = network.neighbours;
  const risen = rules.regional.zoneRise * own.delta;
  let n = 0;
  let zones = 0;
  let rising = (c.rise[s] as number) > risen ? 1 : 0;
  for (let k = s * NEIGHBOUR_SLOTS; k < (s + 1) * NEIGHBOUR_SLOTS && n < rules.background.neighbours; k++) {
    const other = index[k] as number;
    if (other < 0) break;
    const value = contributions[other] as number;
    if (Number.isNaN(value)) continue;
    const rise = c.rise[other] as number;
    values[n] = value;
    rises[n++] = rise;
    if (rise > risen) rising++;
    zones += c.regional[other] as number;
  }
  c.nearRegional[s] = zones > 0 ? 1 : 0;
  c.neighbours[s] = n;
  if (n < rules.background.fewestNeighbours) {
    c.background[s] = Number.NaN;
    c.regional[s] = 0;
    c.neighbourRise[s] = 0;
    return;
  }
  const background = medianOfFirst(values, n);
  for (let i = 0; i < n; i++) values[i] = Math.abs((values[i] as number) - background);
  c.background[s] = background;
  c.scatter[s] = MAD_TO_SIGMA * medianOfFirst(values, n);
  c.neighbourRise[s] = medianOfFirst(rises, n);
  const climbed = background - (c.backgroundSlow[s] as number) > rules.regional.backgroundRise * own.delta;
  c.regional[s] = climbed || rising >= rules.regional.zoneShare * (n + 1) ? 1 : 0;
}

/** Trend of the background over a quarter of an hour, per minute, without its sign; keeps the ring. */
export function keepTrend({ columns: c, tick, work }: Frame, s: number, background: number): number {
  const length = work.shape.trend;
  const at = s * length + slotOf(tick, length);
  const before = c.backgroundRing[at] as number;
  c.backgroundRing[at] = background;
  const trend = Math.abs(background - before) / (length * work.shape.tickMinutes);
  return Number.isNaN(trend) ? 0 : trend;
}
