import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";
import type { OutboundMessage } from "../core/render-message.ts";

export interface Pending {
  readonly message: OutboundMessage;
  /** Attempts made so far. */
  readonly attempts: number;
  /** An earlier attempt may have arrived although nobody said so. */
  readonly unsure: boolean;
}

/** Bytes of what the other side said that are kept. Ours. */
const DETAIL_LENGTH = 300;

/** The message of a receiver that is next, if one is due. */
export async function nextPending(db: Kysely<Database>, receiver: string, now: number): Promise<Pending | undefined> {
  const row = await db
    .selectFrom("notification_messages")
    .select(["attempts", "document", "unsure"])
    .where("state", "=", "pending")
    .where("receiver", "=", receiver)
    .where("next_at", "<=", now)
    .orderBy("next_at")
    .orderBy("created_at")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  return row && { message: JSON.parse(row.document), attempts: row.attempts, unsure: row.unsure === 1 };
}

/** Before an attempt: whoever takes the message up after a crash knows that it may have arrived. */
export async function noteBegun(db: Kysely<Database>, { message, unsure }: Pending): Promise<void> {
  if (unsure) return;
  await db.updateTable("notification_messages").set({ unsure: 1 }).where("id", "=", message.id).execute();
}

/** When the first message is due that is not yet; null: none is pending. */
export async function nextSendAt(db: Kysely<Database>, receivers: readonly string[]): Promise<number | null> {
  if (receivers.length === 0) return null;
  const row = await db
    .selectFrom("notification_messages")
    .select("next_at")
    .where("state", "=", "pending")
    .where("receiver", "in", receivers)
    .orderBy("next_at")
    .limit(1)
    .executeTakeFirst();
  return row?.next_at ?? null;
}

export interface Outcome {
  readonly at: number;
  readonly outcome: "sent" | "later" | "refused";
  readonly detail: string;
  /** When it is tried again; null: it is settled. */
  readonly nextAt: number | null;
  /** Nobody said whether it arrived. */
  readonly unanswered: boolean;
}

/** Notes an attempt, and what becomes of its message, in one transaction. */
export async function noteAttempt(
  db: Kysely<Database>,
  { message, attempts, unsure }: Pending,
  outcome: Outcome,
): Promise<void> {
  const { at, nextAt, unanswered } = outcome;
  const attempt = attempts + 1;
  const settled = nextAt === null;
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable("notification_messages")
      .set({
        ...{ attempts: attempt, next_at: nextAt ?? at, settled_at: settled ? at : null },
        // Once in doubt, always: a later refusal says nothing of the earlier attempt.
        unsure: unsure || unanswered ? 1 : 0,
        state: settled ? (outcome.outcome === "sent" ? "sent" : "failed") : "pending",
      })
      .where("id", "=", message.id)
      .execute();
    const detail = outcome.detail.slice(0, DETAIL_LENGTH);
    await trx
      .insertInto("notification_deliveries")
      .values({ message_id: message.id, attempt, at, outcome: outcome.outcome, detail })
      .execute();
  });
}

/** How long what was told is kept, ms. Ours: a quarter, for reviews; tickets keep their own history for ever. */
const KEPT_MS = 90 * 86_400_000;

/** Removes what nobody asks for any more. A waiting item and a pending message stay. */
export async function forgetOldNotifications(db: Kysely<Database>, now: number): Promise<void> {
  const before = now - KEPT_MS;
  await db.deleteFrom("notification_items").where("created_at", "<", before).where("state", "!=", "waiting").execute();
  await db.deleteFrom("notification_messages").where("settled_at", "<", before).execute();
}
