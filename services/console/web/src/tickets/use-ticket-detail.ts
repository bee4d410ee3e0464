import type { TicketDetail, TicketView } from "@hotgrid/contracts";
import { useCallback, useEffect, useRef, useState } from "react";
import { call } from "../api/call.ts";
import { useAsking } from "../api/use-asking.ts";
import { type TicketChange, withChange } from "./ticket-change.ts";
import type { TicketChanges } from "./ticket-changes.ts";

export interface TicketDetailControl {
  readonly detail: TicketDetail | null;
  readonly error: unknown;
  readonly reload: () => void;
  /** Takes the ticket that an action returned; its history line comes with the reload that this starts. */
  readonly take: (ticket: TicketView) => void;
}

/** One ticket with its history, kept up to date by the changes that the stream brings. */
export function useTicketDetail(ticketId: string, changes: TicketChanges): TicketDetailControl {
  const [detail, setDetail] = useState<TicketDetail | null>(null);
  const [error, setError] = useState<unknown>(null);
  // An answer may have been on its way when a change came: they are laid upon each.
  const heard = useRef<TicketChange[]>([]);
  // One of before an action would take its step back: the action's own answer asks again.
  const asking = useAsking();
  const reload = useCallback(() => {
    const signal = asking();
    setError(null);
    call<TicketDetail>(`/tickets/${encodeURIComponent(ticketId)}`, { signal }).then(
      (loaded) => (signal.aborted ? undefined : setDetail(heard.current.reduce(withChange, loaded))),
      (cause: unknown) => (signal.aborted ? undefined : setError(cause)),
    );
  }, [ticketId, asking]);
  useEffect(() => {
    heard.current = [];
    const onChange = (change: TicketChange) => {
      if (change.ticket.id !== ticketId) return;
      heard.current.push(change);
      setDetail((before) => (before === null ? before : withChange(before, change)));
    };
    return changes.subscribe({ onChange, onGap: reload });
  }, [changes, ticketId, reload]);
  useEffect(reload, [reload]);
  const take = useCallback(
    (ticket: TicketView) => {
      setDetail((before) => (before === null ? before : { ...before, ticket }));
      reload();
    },
    [reload],
  );
  return { detail, error, reload, take };
}
