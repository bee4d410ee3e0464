import type { Inspection, Ticket } from "@hotgrid/contracts";
import { ANEW } from "./system-steps.ts";
import { type Actor, type Change, type StepInput, SYSTEM_ACTOR, type Target, takeStep } from "./take-step.ts";
import type { TicketPolicy } from "./ticket-policy.ts";

/** A closed ticket goes on the inspectors' list, with a clock. Two steps rather than one, so that the closing itself is
 *  the same whether or not it is looked at. */
export function noteChosen(
  ticket: Ticket,
  { reason, period }: { readonly reason: Inspection["reason"]; readonly period: string },
  policy: TicketPolicy,
  now: number,
): Change {
  const nobodyYet = { by: null, byName: null, at: null, note: null, plan: null };
  const inspection: Inspection = { state: "pending", reason, chosenAt: now, ...nobodyYet };
  const input = { step: "inspection-chosen", action: "inspection-chosen", actor: SYSTEM_ACTOR, note: reason } as const;
  return takeStep(ticket, { ...input, set: { inspection }, details: { period } }, policy, now);
}

interface InspectCommand {
  readonly body:
    | { readonly passed: true; readonly note: string }
    | { readonly passed: false; readonly note: string; readonly plan: string };
  readonly target?: Target | null;
}

/** What an inspector's result changes: a failed one reopens the ticket for whoever is on duty, pressed, with the plan. */
export function inspected(
  { inspection }: Ticket,
  { body, target }: InspectCommand,
  { id: by, name: byName }: Actor,
  now: number,
): Pick<StepInput, "set" | "target" | "details"> {
  const { note } = body;
  const reason = inspection?.reason ?? "sampled";
  const common = { reason, chosenAt: inspection?.chosenAt ?? now, by, byName, at: now, note };
  if (body.passed) {
    return { set: { inspection: { ...common, state: "passed", plan: null } }, details: { passed: "true" } };
  }
  const { plan } = body;
  const set = { ...ANEW, supervised: true, inspection: { ...common, state: "failed", plan } } as const;
  return { set, target: target ?? undefined, details: { passed: "false", plan } };
}
