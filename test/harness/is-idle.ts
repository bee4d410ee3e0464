import type { Bus } from "@hotgrid/bus";
import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** Whether everything that is due at `now` has been done, told and sent. */
export async function isIdle(db: Kysely<Database>, bus: Bus, now: number): Promise<boolean> {
  const lags = await Promise.all([
    bus.lag("episodes", "dispatcher"),
    bus.lag("episodes", "notifier"),
    bus.lag("tickets", "notifier"),
  ]);
  if (lags.some((lag) => lag > 0)) return false;
  const unsent = db.selectFrom("outbox").select("message_id").where("sent_at", "is", null);
  const clocks = db
    .selectFrom("obligations")
    .select("ticket_id")
    .where("state", "=", "running")
    .where((e) => e.or([e("due_at", "<=", now), e("remind_at", "<=", now)]));
  const items = db.selectFrom("notification_items").select("id").where("state", "=", "waiting");
  const messages = db.selectFrom("notification_messages").select("id").where("state", "=", "pending");
  return (
    (await unsent.executeTakeFirst()) === undefined &&
    (await clocks.executeTakeFirst()) === undefined &&
    (await items.where("ready_at", "<=", now).executeTakeFirst()) === undefined &&
    (await messages.where("next_at", "<=", now).executeTakeFirst()) === undefined
  );
}
