import type { Obligation, Ticket, TicketHistoryEntry } from "@hotgrid/contracts";
import { SYSTEM_ACTOR } from "./take-step.ts";

/** not-run: due, and nothing was done yet. skipped: something else settled it long after it was due. too-early: its
 *  step ran before it was due. no-trace: the history knows nothing of its end. no-clock: an open ticket without any.
 *  history-gap: lines of the history are missing. row-differs: the sweep's row is not what the ticket says. */
type ClockFault = "not-run" | "skipped" | "too-early" | "no-trace" | "no-clock" | "history-gap" | "row-differs";

export interface ClockFinding {
  readonly ticketId: string;
  readonly fault: ClockFault;
  /** Which clock; null where it is about the whole ticket. */
  readonly position: number | null;
  readonly clock: Obligation | null;
}

/** One ticket with everything that tells of its clocks. */
export interface ClockRecord {
  readonly ticket: Ticket;
  /** Oldest first. */
  readonly history: readonly TicketHistoryEntry[];
  /** What the sweep goes by, by position. */
  readonly rows: readonly (Omit<Obligation, "reminders"> & { readonly remindAt: number | null })[];
}

/** Proves that every step that was due until `now` ran, once and not before its time. Empty: it is proven.
 *  @param graceMs how long after it is due a step may take; the time that the system was down counts in */
export function auditClocks(record: ClockRecord, now: number, graceMs: number): readonly ClockFinding[] {
  const { ticket, history, rows } = record;
  const findings: ClockFinding[] = [];
  const note = (fault: ClockFault, position: number | null) =>
    findings.push({
      ticketId: ticket.id,
      fault,
      position,
      clock: position === null ? null : (ticket.obligations[position] ?? null),
    });
  if (ticket.state !== "closed" && !ticket.obligations.some((clock) => clock.state === "running"))
    note("no-clock", null);
  const whole = history.length === ticket.revision && history.every((entry, index) => entry.revision === index + 1);
  if (!whole) note("history-gap", null);
  for (const [position, clock] of ticket.obligations.entries()) {
    const fault = faultOf(clock, history, now, graceMs);
    if (fault !== null) note(fault, position);
    if (!sameRow(clock, rows[position])) note("row-differs", position);
  }
  for (const position of rows.keys()) if (ticket.obligations[position] === undefined) note("row-differs", position);
  return findings;
}

function faultOf(
  clock: Obligation,
  history: readonly TicketHistoryEntry[],
  now: number,
  graceMs: number,
): ClockFault | null {
  const { state, dueAt, settledAt } = clock;
  if (state === "running" || settledAt === null) {
    return state === "running" && Math.min(dueAt, clock.reminders?.[0] ?? dueAt) + graceMs < now ? "not-run" : null;
  }
  const ended = history.some((entry) => entry.by === SYSTEM_ACTOR.id && entry.at === settledAt && tells(entry, clock));
  if (state === "breached") {
    if (settledAt < dueAt) return "too-early";
    return ended ? null : "no-trace";
  }
  return settledAt > dueAt + graceMs && !ended ? "skipped" : null;
}

const tells = ({ details }: TicketHistoryEntry, { kind, dueAt }: Obligation): boolean =>
  details?.["obligation"] === kind && details["dueAt"] === new Date(dueAt).toISOString();

const sameRow = (clock: Obligation, row: ClockRecord["rows"][number] | undefined): boolean =>
  row !== undefined &&
  row.kind === clock.kind &&
  row.dueAt === clock.dueAt &&
  row.state === clock.state &&
  row.settledAt === clock.settledAt &&
  row.remindAt === (clock.reminders?.[0] ?? null);
