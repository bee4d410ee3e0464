import { NOT_DECIDING } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import type { DetectionRules } from "../rules/detection-rules.ts";
import type { ChannelColumns } from "../state/columns.ts";
import type { Frame } from "./frame.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Of `inEpisode`: nobody is sent for it; somebody is. */
export const PROVISIONAL = 1;
export const CONFIRMED = 2;
/** Of `habitTicks`: somebody was sent in this hour, so that it says nothing about what is usual here. */
const SPOILED = 255;
/** Increments of so many sigma are no noise. Ours. */
const CLEAR_Z = 2;
/** A network that reports more seldom doesn't see what passes within an hour. min, ours. */
const SLOWEST_MINUTES = 10;

/** Kitchens, a yard's engine: what shows a little at a station at the same time of most days. Notes by the hour of the
 *  day on what share of the days there was an excess that nobody was sent for. */
export function keepHabit(frame: Frame, s: number, lasting: number, own: ChannelRules): void {
  const { columns: c, tick, hour, rules, work } = frame;
  if (work.shape.tickMinutes > SLOWEST_MINUTES) return;
  if (c.inEpisode[s] === CONFIRMED) c.habitTicks[s] = SPOILED;
  else if (isExcess(frame, s, lasting, own)) c.habitTicks[s] = Math.min(SPOILED - 1, (c.habitTicks[s] as number) + 1);
  if (!endsHour(tick, work.shape.tickMs)) return;
  const ticks = c.habitTicks[s] as number;
  c.habitTicks[s] = 0;
  if (ticks === SPOILED) return;
  const at = s * HOURS + hour;
  const days = Math.min((c.habitDays[at] as number) + 1, rules.habit.memoryDays);
  c.habitDays[at] = days;
  const seen = ticks >= work.ticks(rules.habit.leastMinutes) ? 1 : 0;
  c.habit[at] = (c.habit[at] as number) + (seen - (c.habit[at] as number)) / days;
}

function isExcess({ columns: c, rules, notice }: Frame, s: number, lasting: number, own: ChannelRules): boolean {
  if (!(lasting > rules.habit.leastExcess * own.delta) || !((c.z[s] as number) > CLEAR_Z)) return false;
  return !(notice || c.regional[s] || c.nearRegional[s] || (c.tests[s] as number) & ~NOT_DECIDING);
}

const endsHour = (tick: number, tickMs: number): boolean =>
  Math.floor((tick * tickMs) / HOUR_MS) !== Math.floor(((tick + 1) * tickMs) / HOUR_MS);

/** Is a little nothing unusual there at this time of day? By the station's own habits; until they are known, by the
 *  city's as well. */
export function isHabitual(c: ChannelColumns, s: number, hour: number, rules: DetectionRules): boolean {
  if (hasHabit(c, s, hour, rules)) return true;
  return (c.habitDays[s * HOURS + hour] as number) < rules.habit.memoryDays && isCitysHabit(c, hour, rules);
}

/** Does it show a little of its own on most days, and ever at about this time of day? */
function hasHabit(c: ChannelColumns, s: number, hour: number, rules: DetectionRules): boolean {
  const { hoursPerDay, besideHours } = rules.habit;
  let [all, near] = [0, 0];
  for (let h = 0; h < HOURS; h++) {
    const share = c.habit[s * HOURS + h] as number;
    all += share;
    const apart = Math.abs(h - hour);
    if (Math.min(apart, HOURS - apart) <= besideHours) near += share;
  }
  return all >= hoursPerDay && near > 0;
}

/** Do many stations show something in this hour and the ones beside it? Then the city cooks. */
function isCitysHabit(c: ChannelColumns, hour: number, rules: DetectionRules): boolean {
  const stations = c.habitTicks.length;
  let shares = 0;
  for (let s = 0; s < stations; s++) {
    for (let h = hour - 1; h <= hour + 1; h++) shares += c.habit[s * HOURS + ((h + HOURS) % HOURS)] as number;
  }
  return shares >= 3 * rules.habit.cityShare * stations;
}
