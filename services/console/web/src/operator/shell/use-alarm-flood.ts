import type { AlarmFloodView } from "@hotgrid/contracts";
import { useEffect, useRef } from "react";
import type { z } from "zod";
import { useLoaded } from "../../api/use-loaded.ts";
import type { TicketChange } from "../../tickets/ticket-change.ts";

export type AlarmFlood = z.infer<typeof AlarmFloodView>;

/** While a flood goes on its end is looked for as often, ms of the wall; a demo's ten minutes pass in twenty seconds. */
const LOOK_AGAIN_MS = 10_000;
/** A storm brings hundreds of tickets: they are one reason to ask, ms. */
const GATHER_MS = 1000;

/** Whether tickets come faster than somebody at a desk can take in; asked when one was opened, and until it is over. */
export function useAlarmFlood(lastChange: TicketChange | null): AlarmFlood | null {
  const { data, reload } = useLoaded<AlarmFlood>("/alarm-flood");
  const gathering = useRef(false);
  const opened = lastChange?.entry.action === "open" ? lastChange.ticket.id : null;
  useEffect(() => {
    if (opened === null || gathering.current) return;
    gathering.current = true;
    setTimeout(() => {
      gathering.current = false;
      reload();
    }, GATHER_MS);
  }, [opened, reload]);
  const flood = data?.flood ?? false;
  useEffect(() => {
    if (!flood) return;
    const timer = setInterval(reload, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [flood, reload]);
  return data;
}
