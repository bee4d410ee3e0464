import type { TicketAction, TicketView } from "@hotgrid/contracts";
import { useCallback, useRef, useState } from "react";
import { ApiError } from "../api/api-error.ts";
import { type PreparedAction, prepareAction } from "../api/prepared-action.ts";

export interface TicketActionControl {
  /** The action under way, null for none. */
  readonly busy: TicketAction | null;
  /** Why the last one failed. */
  readonly failure: { readonly action: TicketAction; readonly error: unknown } | null;
  /** Resolves true when it was done. */
  readonly run: (action: TicketAction, body: Readonly<Record<string, unknown>>) => Promise<boolean>;
  /** Sends the failed one again with its own key: done once, even where the first answer was lost. Null where sending
   *  again can't help. */
  readonly retry: (() => Promise<boolean>) | null;
  readonly clear: () => void;
}

interface Failed {
  readonly action: TicketAction;
  readonly prepared: PreparedAction<TicketView>;
  readonly error: unknown;
}

/** Deeds on one ticket, one at a time. `revision` is what the person saw: a conflict where it has changed since. */
export function useTicketAction(
  ticket: Pick<TicketView, "id" | "revision"> | null,
  onDone: (ticket: TicketView) => void,
): TicketActionControl {
  const [busy, setBusy] = useState<TicketAction | null>(null);
  const [failed, setFailed] = useState<Failed | null>(null);
  const underWay = useRef(false);

  const send = useCallback(
    async (action: TicketAction, prepared: PreparedAction<TicketView>): Promise<boolean> => {
      if (underWay.current) return false;
      underWay.current = true;
      setBusy(action);
      setFailed(null);
      try {
        onDone(await prepared.run());
        return true;
      } catch (error) {
        setFailed({ action, prepared, error });
        return false;
      } finally {
        underWay.current = false;
        setBusy(null);
      }
    },
    [onDone],
  );
  const run = useCallback(
    async (action: TicketAction, body: Readonly<Record<string, unknown>>): Promise<boolean> => {
      if (ticket === null) return false;
      return send(action, prepareAction(`/tickets/${encodeURIComponent(ticket.id)}/${action}`, body));
    },
    [ticket, send],
  );
  const mayHelp = failed !== null && failed.error instanceof ApiError && failed.error.transient;
  return {
    busy,
    failure: failed,
    run,
    retry: mayHelp ? () => send(failed.action, failed.prepared) : null,
    clear: useCallback(() => setFailed(null), []),
  };
}
