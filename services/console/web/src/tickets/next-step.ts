import type { TicketView } from "@hotgrid/contracts";

/** The one thing that the holder does next, or what the ticket waits for. */
export type NextStep =
  | { readonly kind: "act"; readonly action: "respond" | "handle" | "feedback" | "close" | "resume" }
  | { readonly kind: "wait"; readonly waitsFor: "recovery" | "verification" | "suspension" | "somebody-else" }
  | { readonly kind: "done" };

export function nextStep(ticket: Pick<TicketView, "state" | "actions">): NextStep {
  const may = (action: string) => ticket.actions.includes(action);
  const act = (action: "respond" | "handle" | "feedback"): NextStep =>
    may(action) ? { kind: "act", action } : { kind: "wait", waitsFor: "somebody-else" };
  switch (ticket.state) {
    case "dispatched":
      return act("respond");
    case "responded":
      return act("handle");
    case "handling":
      return act("feedback");
    case "feedback":
      return { kind: "wait", waitsFor: "recovery" };
    case "verification":
      return may("close") ? { kind: "act", action: "close" } : { kind: "wait", waitsFor: "verification" };
    case "suspended":
      return may("resume") ? { kind: "act", action: "resume" } : { kind: "wait", waitsFor: "suspension" };
    case "closed":
      return { kind: "done" };
  }
}
