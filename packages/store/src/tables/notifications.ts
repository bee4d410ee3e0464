import type { EpisodeKind } from "@hotgrid/contracts";
import type { Generated } from "kysely";

/** Tables of migration 005. Written by the notifier only, but `silences` by people. Times are epoch ms UTC; `document`
 *  is the whole value as JSON, the columns beside it are what is searched by. */
export interface NotificationTables {
  notification_subjects: NotificationSubjectsTable;
  notification_items: NotificationItemsTable;
  notification_messages: NotificationMessagesTable;
  notification_deliveries: NotificationDeliveriesTable;
  silences: SilencesTable;
}

/** What people are told about, as it is now: a ticket, or an episode that is a notice. */
interface NotificationSubjectsTable {
  /** Ticket or episode id. */
  id: string;
  revision: number;
  kind: EpisodeKind;
  /** 1: closed or resolved. */
  is_over: 0 | 1;
  /** The notifier's Subject. */
  document: string;
}

/** One step that one receiver is to be told. */
interface NotificationItemsTable {
  /** Step, receiver and address: the idempotency key. */
  id: string;
  receiver: string;
  /** Phone number, or "" where the receiver is one place. */
  address: string;
  /** What goes into one message together. */
  group_key: string;
  subject_id: string;
  state: "waiting" | "bundled" | "dropped";
  /** Why it waits or was dropped. */
  reason: string;
  created_at: number;
  /** Looked at again then. */
  ready_at: number;
  message_id: string | null;
  /** The notifier's Item. */
  document: string;
}

/** What is sent, once: the outbox. */
interface NotificationMessagesTable {
  id: string;
  receiver: string;
  address: string;
  state: "pending" | "sent" | "failed";
  attempts: number;
  created_at: number;
  next_at: number;
  settled_at: number | null;
  /** 1: an attempt may have arrived although nobody said so: it is under way, or was when the process died, or got no
   *  answer. */
  unsure: Generated<0 | 1>;
  /** The notifier's OutboundMessage. */
  document: string;
}

/** The delivery log: every attempt of every message. */
interface NotificationDeliveriesTable {
  message_id: string;
  attempt: number;
  at: number;
  outcome: "sent" | "later" | "refused";
  /** What the other side said, cut; never a secret. */
  detail: string;
}

/** A person's mute: always with an end, an author and a reason. */
export interface SilencesTable {
  id: string;
  /** It and all below. */
  division: string;
  kind: EpisodeKind | null;
  station_id: string | null;
  starts_at: number;
  ends_at: number;
  author: string;
  reason: string;
  created_at: number;
}
