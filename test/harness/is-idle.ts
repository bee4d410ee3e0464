import type { Bus } from "@hotgrid/bus";
import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** Whether everything that is due at `now` has been done, told and sent. Looked at in the order in which news goes on its
 *  way: what leaves a place between two looks is found at one that comes later. */
export async function isIdle(db: Kysely<Database>, bus: Bus, now: number): Promise<boolean> {
  const clocks = db
    .selectFrom("obligations")
    .select("ticket_id")
    .where("state", "=", "running")
    .where((e) => e.or([e("due_at", "<=", now), e("remind_at", "<=", now)]));
  const unsent = db.selectFrom("outbox").select("message_id").where("sent_at", "is", null);
  const items = db.selectFrom("notification_items").select("id").where("state", "=", "waiting");
  const messages = db.selectFrom("notification_messages").select("id").where("state", "=", "pending");
  return (
    (await bus.lag("episodes", "dispatcher")) === 0 &&
    (await clocks.executeTakeFirst()) === undefined &&
    (await unsent.executeTakeFirst()) === undefined &&
    (await bus.lag("episodes", "notifier")) === 0 &&
    (await bus.lag("tickets", "notifier")) === 0 &&
    (await items.where("ready_at", "<=", now).executeTakeFirst()) === undefined &&
    (await messages.where("next_at", "<=", now).executeTakeFirst()) === undefined
  );
}
