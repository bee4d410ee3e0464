import { BIT } from "../quality/tests.ts";
import type { ChannelRules } from "../rules/channel-rules.ts";
import { CREEP_HOURS } from "../state/columns.ts";
import { type Frame, slotOf } from "./frame.ts";

/** How much a creeping device gains over the hours watched and how far off it then is, in delta, and how straight it
 *  goes (share of the variance that a line explains): weather and smoke do neither for so long. Ours. */
const LEAST_CREEP = 1;
/** The same per hour. */
export const LEAST_PACE = LEAST_CREEP / (CREEP_HOURS - 1);
const LEAST_AWAY = 0.75;
const STRAIGHT = 0.9;
/** ... and how far off in sigma, which grows where a front passes. Ours. */
const SIGMAS_AWAY = 2;
/** Longest reporting interval at which an hour has a mean worth the name. min, ours. */
const SLOWEST_CREEP_MINUTES = 10;
/** What was seen creeping is so for as long, hours. Ours. */
const CREEP_HOLD = 6;

interface Creep {
  /** Change per hour in the property's unit, and over the hours watched. */
  readonly perHour: number;
  readonly total: number;
  readonly straight: number;
  /** Where it is now: mean residual of the newest hour. */
  readonly away: number;
}

/** A line through the mean residuals of the last hours; null where one is missing or they turn back. `hour` is the
 *  newest. */
function creepOf({ columns: c }: Pick<Frame, "columns">, s: number, hour: number): Creep | null {
  let [sum, weighted, squares] = [0, 0, 0];
  let direction = 0;
  const at = (i: number) =>
    c.residualHours[s * CREEP_HOURS + slotOf(hour - CREEP_HOURS + 1 + i, CREEP_HOURS)] as number;
  for (let i = 0; i < CREEP_HOURS; i++) {
    const r = at(i);
    if (Number.isNaN(r)) return null;
    const step = i === 0 ? 0 : Math.sign(r - at(i - 1));
    if (step !== 0 && direction !== 0 && step !== direction) return null;
    direction = step || direction;
    sum += r;
    weighted += (i - (CREEP_HOURS - 1) / 2) * r;
    squares += r * r;
  }
  const variance = squares - (sum * sum) / CREEP_HOURS;
  const lever = (CREEP_HOURS * (CREEP_HOURS ** 2 - 1)) / 12;
  const perHour = weighted / lever;
  const straight = variance > 0 ? (perHour * weighted) / variance : 0;
  return { perHour, total: perHour * (CREEP_HOURS - 1), straight, away: at(CREEP_HOURS - 1) };
}

/** Away from the neighbours hour after hour, in a straight line: a sensor on its way. */
export function creeping(frame: Frame, s: number, own: ChannelRules, hour: number): number {
  const { columns: c, tick, work, channels } = frame;
  const means = work.shape.tickMinutes <= SLOWEST_CREEP_MINUTES;
  const creep = means && channels.opens ? creepOf(frame, s, hour) : null;
  if (creep && isCreeping(creep, own, c.sigma[s] as number)) {
    c.creepUntil[s] = tick + work.ticks(60 * CREEP_HOLD);
    c.creepPerHour[s] = creep.perHour;
  }
  return tick < (c.creepUntil[s] as number) ? BIT.drift : 0;
}

function isCreeping({ total, straight, away }: Creep, own: ChannelRules, sigma: number): boolean {
  if (!(straight > STRAIGHT) || total * away < 0 || Math.abs(away) < SIGMAS_AWAY * sigma) return false;
  return Math.abs(total) > LEAST_CREEP * own.delta && Math.abs(away) > LEAST_AWAY * own.delta;
}
