/** Ticks that the windows hold. All windows are durations of the design, cut into the network's ticks, at least one. */
export interface Shape {
  readonly tickMs: number;
  readonly tickMinutes: number;
  /** Ticks that can wait for the watermark: lateness, patience and some more. */
  readonly pending: number;
  /** Five minutes: the short median. */
  readonly recent: number;
  /** Seven minutes: what lasts longer than a truck. */
  readonly smooth: number;
  /** A quarter of an hour: the background's trend. */
  readonly trend: number;
  /** An hour: increments, for steadiness and the source estimate. */
  readonly history: number;
}

const RECENT_MINUTES = 5;
/** A truck takes one to three minutes (detection.md): of seven it is never the middle. Ours. */
const SMOOTH_MINUTES = 7;
const TREND_MINUTES = 15;
const HISTORY_MINUTES = 60;
/** Ours: twice the eight minutes that lateness and patience need. */
const PENDING_TICKS = 16;

export function shapeOf(tickMs: number): Shape {
  const tickMinutes = tickMs / 60_000;
  const ticks = (minutes: number) => Math.max(1, Math.round(minutes / tickMinutes));
  return {
    tickMs,
    tickMinutes,
    pending: PENDING_TICKS,
    recent: ticks(RECENT_MINUTES),
    smooth: ticks(SMOOTH_MINUTES),
    trend: ticks(TREND_MINUTES),
    // Two samples at least, so that an hourly network's history spans more than the moment.
    history: Math.max(2, ticks(HISTORY_MINUTES)),
  };
}
