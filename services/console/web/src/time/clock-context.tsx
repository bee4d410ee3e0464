import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { realClock, type ServerClock, serverNow } from "./server-clock.ts";

const ClockContext = createContext<ServerClock>(realClock(Date.now(), performance.now()));

export function ClockProvider({ clock, children }: { clock: ServerClock; children: ReactNode }) {
  return <ClockContext.Provider value={clock}>{children}</ClockContext.Provider>;
}

export const useServerClock = (): ServerClock => useContext(ClockContext);

/** Fast enough that a demo at 30× does not jump by more than eight of its seconds. Ours. */
const TICK_MS = 250;

/** The server's time now, epoch ms, renewed every `everyMs` of the wall clock. */
export function useNow(everyMs: number = TICK_MS): number {
  const clock = useServerClock();
  const [now, setNow] = useState(() => serverNow(clock, performance.now()));
  useEffect(() => {
    const tick = () => setNow(serverNow(clock, performance.now()));
    tick();
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [clock, everyMs]);
  return now;
}
