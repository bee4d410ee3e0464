import type { Channels } from "../state/network.ts";
import { median } from "../stats/median.ts";
import type { TickContext } from "../tick/context.ts";
import { slotOf } from "../tick/frame.ts";
import { isHabitual } from "../tick/habits.ts";
import { isTooCoarse } from "./coarseness.ts";
import { hotMinutes } from "./hot-minutes.ts";
import { type HotWindow, hotWindow, variation } from "./steadiness.ts";
import { wasSunk } from "./was-sunk.ts";

/** So many hot samples must be steady before a device is blamed: gusts may pause for some minutes. Ours. */
const ENOUGH = 20;
/** Minutes deep below the background among the hot ones: noise, not a plume. Air has a floor. Ours. */
const FEWEST_DEEP = 3;
/** Leaps up and down within half an hour that may be a loose contact: it then waits until enough minutes are hot, and one
 *  minute deep below the background is enough. Close smoke leaps, and never goes below. Ours. */
const SOME_LEAPS = 3;
/** Hot minutes that stand alone: more runs than this share of the minutes is a sensor that sparks. A gust lasts. Ours. */
const SCATTERED_SHARE = 0.6;
const ENOUGH_SCATTERED = 10;
/** Hot minutes of the last hour after which what crept up is a device's drift. Ours. */
const LONG_CREPT = 55;
/** A share of the steadiness limit, over the last hot minutes, below which even a device in company is doubted: 4 %,
 *  less than any sensor's own noise. Ours. */
const FROZEN_CV_SHARE = 0.33;
const FROZEN_MINUTES = 8;
/** Ticks in a row that looked like noise. Ours. */
const NOISY_TICKS = 15;
/** What stood there earlier must be this share of what it shows now: strong smoke over an uneven haze did not creep up.
 *  Ours. */
const CREPT_SHARE_OF_NOW = 0.5;
/** Before what time an increment counts as having stood there earlier, min. Ours. */
const EARLIER_MINUTES = 30;

/** Longest reporting interval at which samples tell gusts, sparks and the edge of an air mass apart. Beyond, a device alone
 *  is never believed: hours of the Beijing recording in which one station stands out are mostly edges of haze. min, ours. */
const SLOWEST_MINUTES = 10;

export type Judgement = "believed" | "wait" | "device";

/** Can a single device alone be believed? Smoke arrives within minutes, comes in gusts that last some minutes, and never
 *  goes deep below the background. What is steady, scattered or crept up waits until it is clear. */
export function judgeAlone(context: TickContext, channels: Channels, s: number): Judgement {
  const window = hotWindow(context, channels, s);
  if (context.work.shape.tickMinutes > SLOWEST_MINUTES) return isSteady(context, window) ? "device" : "wait";
  if (window.deep >= (window.leaps >= SOME_LEAPS ? 1 : FEWEST_DEEP)) return "device";
  if (window.leaps >= SOME_LEAPS && window.hot < ENOUGH && !isUnbroken(context, channels, s)) return "wait";
  if (channels.family === "particles" && isTooCoarse(context, s)) return "device";
  if (wasSunk(context, channels, s)) return "wait";
  // The noise test is about to speak: it decides.
  if ((channels.columns.noiseTicks[s] as number) >= NOISY_TICKS) return "wait";
  if (hasCrept(context, channels, s)) return hotMinutes(context, channels, s, 64) >= LONG_CREPT ? "device" : "wait";
  // Where it hardly exceeds its threshold, noise makes it come and go, and a kitchen makes it steady.
  const clear = !isFaint(context, channels, s);
  if (window.runs > SCATTERED_SHARE * window.hot) return clear && window.hot >= ENOUGH_SCATTERED ? "device" : "wait";
  const cv = variation(window);
  if (cv === null || cv >= context.rules.decision.steadyCv) return "believed";
  return clear && isSteady(context, window) ? "device" : "wait";
}

function isSteady(context: TickContext, window: HotWindow): boolean {
  const cv = variation(window);
  return window.hot >= ENOUGH && cv !== null && cv < context.rules.decision.steadyCv;
}

/** Is it steady as a device alone must not be? For one that was believed in company which has gone since. */
export const isSteadyAlone = (context: TickContext, channels: Channels, s: number): boolean =>
  !isFaint(context, channels, s) && isSteady(context, hotWindow(context, channels, s));

/** Are its last hot minutes steadier than a sensor's own noise? Then it waits, whoever else sees smoke: eight minutes
 *  may be chance. */
function seemsFrozen(context: TickContext, channels: Channels, s: number): boolean {
  const cv = variation(hotWindow(context, channels, s, FROZEN_MINUTES));
  return cv !== null && cv < FROZEN_CV_SHARE * context.rules.decision.steadyCv;
}

/** The same over half an hour is no chance; nor is air that goes deep below the background between hot minutes. Such a
 *  device has no say, whoever else sees smoke. */
export function isBroken(context: TickContext, channels: Channels, s: number): boolean {
  const window = hotWindow(context, channels, s);
  if (window.deep >= FEWEST_DEEP && context.work.shape.tickMinutes <= SLOWEST_MINUTES) return true;
  const cv = variation(window);
  return window.hot >= ENOUGH && cv !== null && cv < FROZEN_CV_SHARE * context.rules.decision.steadyCv;
}

/** Can it not be a witness, whoever else sees smoke: steadier than noise, crept up, or noise itself? */
export function isDoubtful(context: TickContext, channels: Channels, s: number): boolean {
  return (
    seemsFrozen(context, channels, s) ||
    hasCrept(context, channels, s) ||
    hotWindow(context, channels, s).deep >= FEWEST_DEEP
  );
}

/** Is what it shows too little to send somebody? */
export function isFaint(context: TickContext, channels: Channels, s: number): boolean {
  const delta = channels.rules[s]?.delta ?? Number.POSITIVE_INFINITY;
  const { confirmExcess, habitExcess } = context.rules.decision;
  const { middle } = hotWindow(context, channels, s);
  if (!(middle >= confirmExcess * delta)) return true;
  if (middle >= Math.max(habitExcess, confirmExcess) * delta) return false;
  // A walk over the whole city: in a storm nobody gets here.
  return isHabitual(channels.columns, s, context.hour, context.rules);
}

/** Half of the increments between half an hour and an hour ago, without the hot minutes' own, stood high already. */
function hasCrept(context: TickContext, channels: Channels, s: number): boolean {
  const { history, tickMinutes } = context.work.shape;
  const { increments, threshold } = channels.columns;
  if (tickMinutes > SLOWEST_MINUTES) return false;
  const from = context.work.ticks(EARLIER_MINUTES);
  const earlier: number[] = [];
  for (let i = from; i < history; i++)
    earlier.push(increments[s * history + slotOf(context.tick - i, history)] as number);
  const stood = median(earlier);
  const share = context.rules.decision.creepShare;
  const now = hotWindow(context, channels, s).middle;
  return earlier.length >= from / 2 && stood > share * (threshold[s] as number) && stood > CREPT_SHARE_OF_NOW * now;
}

/** Minutes looked at, samples at least, and the share of them that may be low: trucks, one after the other, leave more.
 *  Ours. */
const UNBROKEN_MINUTES = 10;
const FEWEST_UNBROKEN = 8;
const UNBROKEN_GAPS = 0.2;

/** Has it been above half of its threshold in nearly every one of the last ten minutes? */
export function isUnbroken(context: TickContext, { columns: c }: Channels, s: number): boolean {
  const { history } = context.work.shape;
  const samples = Math.max(FEWEST_UNBROKEN, context.work.ticks(UNBROKEN_MINUTES));
  let low = 0;
  for (let i = 0; i < samples; i++) {
    const increment = c.increments[s * history + slotOf(context.tick - i, history)] as number;
    if (!(increment > (c.threshold[s] as number) / 2)) low++;
  }
  return samples <= history && low <= UNBROKEN_GAPS * samples;
}
