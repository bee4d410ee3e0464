import type { DemoClockView, TicketView } from "@hotgrid/contracts";
import { useCallback, useMemo, useRef, useState } from "react";
import { callPages } from "../api/call.ts";
import { useAsking } from "../api/use-asking.ts";
import type { ServerEvent } from "../live/event-parser.ts";
import type { ConnectionState } from "../live/event-stream.ts";
import { useEventStream } from "../live/use-event-stream.ts";
import type { TicketChange } from "../tickets/ticket-change.ts";
import { createTicketChanges, type TicketChanges } from "../tickets/ticket-changes.ts";
import { type MyTickets, noTickets, withAnswer, withChange, withList } from "./my-tickets.ts";

/** Tickets asked for. Ours: an officer holds a handful, detection.md aims at three a day at most. */
const LIST_LIMIT = 100;

export interface MyTicketsControl {
  readonly state: MyTickets;
  readonly connection: ConnectionState;
  /** "loading" until the first list; `error` while the last attempt to load failed. */
  readonly loading: boolean;
  readonly error: unknown;
  readonly reload: () => void;
  /** Of every ticket, for the page that shows one. */
  readonly changes: TicketChanges;
  /** Takes a ticket that an action returned, before the stream brings it. */
  readonly take: (ticket: TicketView) => void;
}

export interface MyTicketsInput {
  readonly officerId: string;
  readonly onClock: (view: DemoClockView) => void;
}

export function useMyTickets({ officerId, onClock }: MyTicketsInput): MyTicketsControl {
  const [state, setState] = useState<MyTickets>(noTickets);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const [changes] = useState(createTicketChanges);

  // Since the list was asked for; null: none is on its way.
  const heard = useRef<TicketChange[] | null>(null);
  const asking = useAsking();
  const reload = useCallback(() => {
    const signal = asking();
    const path = `/tickets?officer=${encodeURIComponent(officerId)}&limit=${LIST_LIMIT}`;
    const unlessGivenUp = (then: () => void) => (signal.aborted ? undefined : then());
    heard.current = [];
    setError(null);
    callPages<TicketView>(path, LIST_LIMIT, signal)
      .then(
        (list) =>
          unlessGivenUp(() => {
            const changes = heard.current ?? [];
            setState((before) => withList(before, list, officerId, changes));
          }),
        (cause: unknown) => unlessGivenUp(() => setError(cause)),
      )
      .finally(() =>
        unlessGivenUp(() => {
          heard.current = null;
          setLoading(false);
        }),
      );
  }, [officerId, asking]);
  const onBegin = useCallback(() => {
    changes.gap();
    reload();
  }, [changes, reload]);

  const onEvent = useCallback(
    ({ event, data }: ServerEvent) => {
      if (event === "clock") onClock(JSON.parse(data) as DemoClockView);
      if (event !== "ticket") return;
      const change = JSON.parse(data) as TicketChange;
      heard.current?.push(change);
      setState((before) => withChange(before, change, officerId));
      changes.publish(change);
    },
    [officerId, onClock, changes],
  );
  const handlers = useMemo(() => ({ onEvent, onBegin }), [onEvent, onBegin]);
  const connection = useEventStream(handlers);
  const take = useCallback((ticket: TicketView) => setState((before) => withAnswer(before, ticket)), []);
  return { state, connection, loading, error, reload, changes, take };
}
