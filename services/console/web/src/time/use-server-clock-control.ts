import type { DemoClockView, SessionView } from "@hotgrid/contracts";
import { useCallback, useState } from "react";
import { demoClock, realClock, type ServerClock } from "./server-clock.ts";

export interface ClockControl {
  readonly clock: ServerClock;
  /** Takes what the server said of its clock: the stream says it on every connection and after every change. */
  readonly take: (view: DemoClockView) => void;
}

/** The server's clock: the demo's, as the session says it and later the stream, or the wall's. */
export function useServerClockControl(session: SessionView): ClockControl {
  const [clock, setClock] = useState(() =>
    session.clock === null ? realClock(Date.now(), performance.now()) : demoClock(session.clock, performance.now()),
  );
  const take = useCallback((view: DemoClockView) => setClock(demoClock(view, performance.now())), []);
  return { clock, take };
}
