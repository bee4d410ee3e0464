import type { TicketDetail, TicketView } from "@hotgrid/contracts";
import { useCallback, useEffect, useState } from "react";
import { call } from "../api/call.ts";
import type { TicketChange } from "./ticket-change.ts";
import { withChange } from "./ticket-change.ts";

export interface TicketDetailControl {
  readonly detail: TicketDetail | null;
  readonly error: unknown;
  readonly reload: () => void;
  /** Takes the ticket that an action returned; its history line comes with the reload that this starts. */
  readonly take: (ticket: TicketView) => void;
}

/** One ticket with its history, kept up to date by the changes that the stream brings. */
export function useTicketDetail(ticketId: string, lastChange: TicketChange | null): TicketDetailControl {
  const [detail, setDetail] = useState<TicketDetail | null>(null);
  const [error, setError] = useState<unknown>(null);
  const reload = useCallback(() => {
    setError(null);
    call<TicketDetail>(`/tickets/${encodeURIComponent(ticketId)}`).then(setDetail, setError);
  }, [ticketId]);
  useEffect(reload, [reload]);
  useEffect(() => {
    if (lastChange !== null) setDetail((before) => (before === null ? before : withChange(before, lastChange)));
  }, [lastChange]);
  const take = useCallback(
    (ticket: TicketView) => {
      setDetail((before) => (before === null ? before : { ...before, ticket }));
      reload();
    },
    [reload],
  );
  return { detail, error, reload, take };
}
