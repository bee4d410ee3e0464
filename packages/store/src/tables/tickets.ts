import type {
  EpisodeKind,
  FalseAlarmReason,
  InspectionState,
  ObligationKind,
  Severity,
  TicketHistoryEntry,
  TicketState,
} from "@hotgrid/contracts";

/** Tables of migrations 002, 006, 007, 010 and 015, written by the dispatcher only, but for the grants. Times are epoch ms UTC; `document` is the
 *  whole value as JSON in the shape of its contract, the columns beside it are what is searched by. */
export interface TicketTables {
  episodes: EpisodesTable;
  tickets: TicketsTable;
  ticket_episodes: TicketEpisodesTable;
  ticket_history: TicketHistoryTable;
  obligations: ObligationsTable;
  outbox: OutboxTable;
  command_results: CommandResultsTable;
  false_alarms: FalseAlarmsTable;
  inhibited_episodes: InhibitedEpisodesTable;
  inspection_grants: InspectionGrantsTable;
  inspection_draws: InspectionDrawsTable;
}

/** Which inspector may look at what, until when. The row goes with the grant; who gave and took it is in the audit log. */
export interface InspectionGrantsTable {
  account_id: string;
  division: string;
  until: number;
  granted_at: number;
  /** Account id. */
  granted_by: string;
}

/** How the tickets closed in a month are drawn: fixed with its first closing, and in the audit log then. */
interface InspectionDrawsTable {
  /** Local month, YYYY-MM. */
  period: string;
  share: number;
  /** Blank-separated episode kinds. */
  kinds: string;
  /** 256 random bits, hex. */
  key: string;
}

/** Local episodes that opened no ticket because a regional notice covers them: its children. */
export interface InhibitedEpisodesTable {
  episode_id: string;
  by_episode_id: string;
  at: number;
}

/** Episodes that a supervisor declared false alarms, for the statistics of the rules. */
export interface FalseAlarmsTable {
  episode_id: string;
  ticket_id: string;
  rule_version: string;
  kind: EpisodeKind;
  reason: FalseAlarmReason;
  /** Account id. */
  by: string;
  at: number;
}

/** Latest revision of every episode. */
export interface EpisodesTable {
  id: string;
  revision: number;
  kind: EpisodeKind;
  status: "firing" | "resolved";
  division: string;
  started_at: number;
  confirmed_at: number | null;
  ended_at: number | null;
  /** Episode. */
  document: string;
}

export interface TicketsTable {
  id: string;
  revision: number;
  kind: EpisodeKind;
  severity: Severity;
  state: TicketState;
  /** What it is about: the kind with the division, or with the station of a device ticket. */
  place: string;
  /** `place` while a new episode there belongs to this ticket, else null (closed, or suspended before). Unique: two
   *  dispatchers can't open twins, whatever they read before. */
  open_place: string | null;
  division: string;
  officer_id: string;
  /** 1 while a clock of the step that it waits for has run out. */
  overdue: number;
  /** null: never chosen since it was last closed. */
  inspection: InspectionState | null;
  opened_at: number;
  updated_at: number;
  closed_at: number | null;
  /** Ticket. */
  document: string;
}

/** An episode belongs to one ticket, or to several since a split; a ticket may hold several (joined, recurred, merged). */
export interface TicketEpisodesTable {
  episode_id: string;
  ticket_id: string;
}

export interface TicketHistoryTable {
  ticket_id: string;
  revision: number;
  at: number;
  action: TicketHistoryEntry["action"];
  by: string;
  /** TicketHistoryEntry. */
  document: string;
}

/** Ticket.obligations by position. The sweep executes the running rows that are due, or whose next reminder is. */
export interface ObligationsTable {
  ticket_id: string;
  position: number;
  kind: ObligationKind;
  due_at: number;
  remind_at: number | null;
  state: "running" | "paused" | "met" | "breached" | "cancelled";
  settled_at: number | null;
}

/** What the TICKETS log has to get, written in the transaction of the change that it tells of. */
export interface OutboxTable {
  /** ticketEventKey. */
  message_id: string;
  ticket_id: string;
  revision: number;
  created_at: number;
  sent_at: number | null;
  /** TicketEvent. */
  document: string;
}

/** Answers given to commands, by their idempotency key. */
export interface CommandResultsTable {
  account_id: string;
  idempotency_key: string;
  /** SHA-256 of the request, hex: the same key with another request is a conflict. */
  request_hash: string;
  /** TicketCommandReply. */
  reply: string;
  at: number;
}
