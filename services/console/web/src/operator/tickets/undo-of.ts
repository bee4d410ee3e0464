import type { TicketAction, TicketView } from "@hotgrid/contracts";

export interface Undo {
  readonly action: TicketAction;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The action that takes another one back, where the loop has one and this account may take it: never silently, it is
 *  a step of its own in the history. */
export function undoOf(done: TicketAction, before: TicketView, after: TicketView, note: string): Undo | null {
  const undo = counterpart(done, before, after, note);
  return undo !== null && after.actions.includes(undo.action) ? undo : null;
}

function counterpart(done: TicketAction, before: TicketView, after: TicketView, note: string): Undo | null {
  switch (done) {
    case "suspend":
      return { action: "resume", body: { note } };
    case "false-alarm":
    case "close":
      return { action: "reopen", body: { note } };
    case "verify":
      return after.state === "closed" ? { action: "reopen", body: { note } } : null;
    case "transfer":
      return { action: "transfer", body: { note, officerId: before.officerId } };
    default:
      return null;
  }
}
