import type { AlarmFloodView } from "@hotgrid/contracts";
import { useEffect } from "react";
import type { z } from "zod";
import { useLoaded } from "../../api/use-loaded.ts";
import type { TicketChange } from "../../tickets/ticket-change.ts";
import type { TicketChanges } from "../../tickets/ticket-changes.ts";

export type AlarmFlood = z.infer<typeof AlarmFloodView>;

/** While a flood goes on its end is looked for as often, ms of the wall; a demo's ten minutes pass in twenty seconds. */
const LOOK_AGAIN_MS = 10_000;
/** A storm brings hundreds of tickets: they are one reason to ask, ms. */
const GATHER_MS = 1000;

/** Whether tickets come faster than somebody at a desk can take in; asked when one was opened, and until it is over. */
export function useAlarmFlood(changes: TicketChanges): AlarmFlood | null {
  const { data, reload } = useLoaded<AlarmFlood>("/alarm-flood");
  useEffect(() => {
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      gathering = undefined;
      reload();
    };
    const onChange = ({ entry }: TicketChange) => {
      if (entry.action === "open") gathering ??= setTimeout(ask, GATHER_MS);
    };
    const stop = changes.subscribe({ onChange, onGap: reload });
    return () => {
      stop();
      clearTimeout(gathering);
    };
  }, [changes, reload]);
  const flood = data?.flood ?? false;
  useEffect(() => {
    if (!flood) return;
    const timer = setInterval(reload, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [flood, reload]);
  return data;
}
