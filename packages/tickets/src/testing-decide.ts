import type { Account, Ticket } from "@hotgrid/contracts";
import { type Command, decide } from "./decide.ts";
import { runDue } from "./run-due.ts";
import { testAccount, testPolicy, testTicket } from "./testing.ts";

/** Steps of one ticket, for tests of what decide() allows and of what follows. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const policy = testPolicy();
export const officer = testAccount("officer", "330602001001", "A");
export const supervisor = testAccount("supervisor", "330602");
export const administrator = testAccount("administrator");

export function act(ticket: Ticket, command: Command, account: Account, now: number): Ticket {
  const result = decide(ticket, command, account, policy, now);
  if ("refused" in result) throw new Error(`${command.action}: ${result.refused}`);
  return result.ticket;
}
export function refusal(ticket: Ticket, command: Command, account: Account, now = 0): string {
  const result = decide(ticket, command, account, policy, now);
  return "refused" in result ? `${result.outcome}/${result.refused}` : "done";
}
export const respond = { action: "respond", body: {} } as const;
export const handle = { action: "handle", body: {} } as const;
export const feedback = { action: "feedback", body: { note: "焚烧已扑灭", cause: "burning" } } as const;
export const above = { officerId: "T", division: "330602001", reason: "assignment-town" };

export const handling = (now = 0) => act(act(testTicket(0), respond, officer, now), handle, officer, now);
export const fedBack = (now = 0) => act(handling(now), feedback, officer, now);
export const running = (ticket: Ticket) =>
  Object.fromEntries(ticket.obligations.filter((c) => c.state === "running").map((c) => [c.kind, c.dueAt]));
export function due(ticket: Ticket, kind: string, now: number, target: typeof above | null = null): Ticket {
  const position = ticket.obligations.findIndex((c) => c.kind === kind && c.state === "running");
  const change = runDue(ticket, position, target, policy, now);
  if (change === null) throw new Error(`${kind} is not due`);
  return change.ticket;
}
