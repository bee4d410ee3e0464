import type { DemoClockView } from "@hotgrid/contracts";

/** The injected clock of the server as this page knows it: time runs from an anchor at a speed. */
export interface ServerClock {
  /** Epoch ms by the server's clock at `anchoredAt`. */
  readonly at: number;
  /** performance.now() of this page at the anchor, ms: the page's wall clock may be wrong or set in between. */
  readonly anchoredAt: number;
  /** 1 is real time, 0 a pause. */
  readonly speed: number;
}

export const serverNow = (clock: ServerClock, performanceNow: number): number =>
  clock.at + (performanceNow - clock.anchoredAt) * clock.speed;

export const realClock = (wallNow: number, performanceNow: number): ServerClock => ({
  at: wallNow,
  anchoredAt: performanceNow,
  speed: 1,
});

export const demoClock = (view: DemoClockView, performanceNow: number): ServerClock => ({
  at: Date.parse(view.now),
  anchoredAt: performanceNow,
  speed: view.clock.speed,
});
