import {
  type ObligationKind,
  type Ticket,
  type TicketEvent,
  type TicketHistoryEntry,
  ticketEventKey,
} from "@hotgrid/contracts";
import type { News, Step, Subject } from "./news.ts";

/** What a line of the history is to people; what is not here is nothing. What a clock did and what a person did differ by name. */
const STEP_OF: Readonly<Partial<Record<TicketHistoryEntry["action"], Step>>> = {
  open: "opened",
  reopen: "reopened",
  return: "assigned",
  transfer: "assigned",
  escalate: "escalated",
  "overdue-escalated": "escalated",
  "overdue-pressed": "overdue",
  "response-lapsed": "overdue",
  reminded: "due-soon",
  supervise: "supervised",
  recovered: "recovered",
  relapsed: "relapsed",
  suspend: "suspended",
  resume: "resumed",
  close: "closed",
  verify: "closed",
  "false-alarm": "closed",
  "interference-suspected": "interference",
  "inspection-lapsed": "inspection-lapsed",
};

/** Longest note in a message, characters. Ours: an SMS has 70. */
const NOTE_LENGTH = 60;

/** @returns null where nobody has to be told of this step. */
export function newsOfTicket(event: TicketEvent): News | null {
  const { ticket, entry } = event;
  const step = stepOf(event);
  if (step === null) return null;
  const byPerson = entry.by !== "system";
  return {
    id: ticketEventKey(event),
    step,
    at: entry.at,
    subject: subjectOfTicket(ticket),
    due: nextDue(ticket),
    by: byPerson ? entry.byName : null,
    note: byPerson ? entry.note.slice(0, NOTE_LENGTH) : "",
  };
}

export function subjectOfTicket(ticket: Ticket): Subject {
  const { id, revision, kind, severity, division, observedProperties, stationIds, title } = ticket;
  const { state, officerId, officerDivision } = ticket;
  const what = { id, revision, kind, severity, division, observedProperties, stationIds, title };
  const reading = ticket.reading === undefined ? {} : { reading: ticket.reading };
  return { ...what, ...reading, state, officerId, officerDivision, isOver: state === "closed" };
}

function stepOf({ entry }: TicketEvent): Step | null {
  if (entry.to === "verification" && entry.from !== "verification")
    return entry.details?.["verifiedBy"] === "supervisor" ? "to-verify" : "verification";
  if (entry.action === "verify" && entry.to !== "closed") return "relapsed";
  if (entry.action === "split") return entry.from === null ? "opened" : null;
  if (entry.action === "inspect") return entry.to === "closed" ? null : "reopened";
  if (entry.action === "episode-updated" && entry.note.includes("severity-rose")) return "worse";
  return STEP_OF[entry.action] ?? null;
}

/** Obligations of people: what the sensor has to show is nobody's deadline. */
const OF_PEOPLE: readonly ObligationKind[] = ["respond", "handle", "feedback", "verify"];

function nextDue(ticket: Ticket): News["due"] {
  const running = ticket.obligations.filter((clock) => clock.state === "running" && OF_PEOPLE.includes(clock.kind));
  const [first] = running.toSorted((a, b) => a.dueAt - b.dueAt);
  return first === undefined ? null : { kind: first.kind, at: first.dueAt };
}
