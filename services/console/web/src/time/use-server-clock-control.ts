import type { DemoClockView } from "@hotgrid/contracts";
import { useCallback, useState } from "react";
import { demoClock, realClock, type ServerClock } from "./server-clock.ts";

export interface ClockControl {
  readonly clock: ServerClock;
  /** Takes what the server said of its clock: the stream says it on every connection and after every change. */
  readonly take: (view: DemoClockView) => void;
}

/** The server's clock: the wall's until the server names another. */
export function useServerClockControl(): ClockControl {
  const [clock, setClock] = useState(() => realClock(Date.now(), performance.now()));
  const take = useCallback((view: DemoClockView) => setClock(demoClock(view, performance.now())), []);
  return { clock, take };
}
