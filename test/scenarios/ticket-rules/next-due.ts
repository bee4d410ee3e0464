import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** The first moment after `now` at which a clock, a reminder, an item or a message is due, epoch ms; null: none. */
export async function nextDue(db: Kysely<Database>, now: number): Promise<number | null> {
  const clocks = await db
    .selectFrom("obligations")
    .select(["due_at", "remind_at"])
    .where("state", "=", "running")
    .execute();
  const items = await db.selectFrom("notification_items").select("ready_at").where("state", "=", "waiting").execute();
  const messages = await db
    .selectFrom("notification_messages")
    .select("next_at")
    .where("state", "=", "pending")
    .execute();
  const moments = [
    ...clocks.flatMap(({ due_at, remind_at }) => [due_at, remind_at ?? due_at]),
    ...items.map(({ ready_at }) => ready_at),
    ...messages.map(({ next_at }) => next_at),
  ].filter((at) => at > now);
  return moments.length === 0 ? null : Math.min(...moments);
}
