import type { Subject } from "../core/news.ts";
import type { Item } from "../core/plan-items.ts";
import type { OutboundMessage } from "../core/render-message.ts";
import type { Trx } from "../ports.ts";

/** Keeps the latest revision: an older one changes nothing. */
export async function saveSubject(trx: Trx, subject: Subject): Promise<void> {
  const { id, revision, kind } = subject;
  const row = {
    id,
    revision,
    kind,
    is_over: subject.isOver ? (1 as const) : (0 as const),
    document: JSON.stringify(subject),
  };
  await trx
    .insertInto("notification_subjects")
    .values(row)
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet(row).where("notification_subjects.revision", "<", revision),
    )
    .execute();
}

export async function subjectsById(trx: Trx, ids: readonly string[]): Promise<ReadonlyMap<string, Subject>> {
  const rows = await trx
    .selectFrom("notification_subjects")
    .select(["id", "document"])
    .where("id", "in", ids)
    .execute();
  return new Map(rows.map((row) => [row.id, JSON.parse(row.document)]));
}

/** Open ones of the kinds that mute others. */
export async function openSubjects(trx: Trx, kinds: readonly Subject["kind"][]): Promise<readonly Subject[]> {
  if (kinds.length === 0) return [];
  const open = trx.selectFrom("notification_subjects").select("document").where("is_over", "=", 0);
  const rows = await open.where("kind", "in", kinds).execute();
  return rows.map((row) => JSON.parse(row.document));
}

/** Adds what is not there yet: a step that the log delivers again is told once.
 *  @param dropped why it is never told; null: it waits */
export async function addItem(
  trx: Trx,
  item: Item,
  times: { readonly now: number; readonly readyAt: number },
  dropped: string | null = null,
): Promise<void> {
  await insertItem(
    trx,
    item,
    times,
    dropped === null ? { state: "waiting", reason: "group-wait" } : { state: "dropped", reason: dropped },
  );
}

/** Waits for its own time, whatever else its group has to tell. */
export async function addReminder(
  trx: Trx,
  item: Item,
  times: { readonly now: number; readonly readyAt: number },
): Promise<void> {
  await insertItem(trx, item, times, { state: "waiting", reason: "repeat" });
}

async function insertItem(
  trx: Trx,
  item: Item,
  times: { readonly now: number; readonly readyAt: number },
  standing: { readonly state: "waiting" | "dropped"; readonly reason: string },
): Promise<void> {
  const { id, receiver, address, group, news } = item;
  await trx
    .insertInto("notification_items")
    .values({
      ...{ id, receiver, address, group_key: group, subject_id: news.subject.id, message_id: null },
      ...standing,
      ...{ created_at: times.now, ready_at: times.readyAt, document: JSON.stringify(item) },
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** Waiting ones whose time has come, with the others of their groups, the oldest first; what is
 *  above twice the limit comes with the next call. */
export async function readyItems(trx: Trx, now: number, limit: number): Promise<readonly Item[]> {
  const waiting = trx.selectFrom("notification_items").where("state", "=", "waiting");
  const ready = await waiting
    .select(["id", "group_key"])
    .where("ready_at", "<=", now)
    .orderBy("ready_at")
    .limit(limit)
    .execute();
  if (ready.length === 0) return [];
  const groups = [...new Set(ready.map((row) => row.group_key))];
  // A reminder is not brought forward by other news of its group.
  const rows = await waiting
    .select("document")
    .where((e) =>
      e.or([
        e(
          "id",
          "in",
          ready.map((row) => row.id),
        ),
        e.and([e("group_key", "in", groups), e("reason", "=", "group-wait")]),
      ]),
    )
    .orderBy("created_at")
    .orderBy("id")
    .limit(2 * limit)
    .execute();
  return rows.map((row) => JSON.parse(row.document));
}

/** "subject>receiver>address" of everything told. */
export async function toldOf(trx: Trx, subjectIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom("notification_items")
    .select(["subject_id", "receiver", "address"])
    .where("state", "=", "bundled")
    .where("subject_id", "in", subjectIds)
    .execute();
  return new Set(rows.map((row) => toldKey(row.subject_id, row.receiver, row.address)));
}
export const toldKey = (subjectId: string, receiver: string, address: string): string =>
  `${subjectId}>${receiver}>${address}`;

export async function dropItem(trx: Trx, id: string, reason: string): Promise<void> {
  await trx.updateTable("notification_items").set({ state: "dropped", reason }).where("id", "=", id).execute();
}

export async function holdItem(trx: Trx, id: string, until: number, reason: string): Promise<void> {
  await trx.updateTable("notification_items").set({ ready_at: until, reason }).where("id", "=", id).execute();
}

/** What waits for a subject that is over now is looked at again at once. */
export async function wakeHeldBy(trx: Trx, subjectId: string, now: number): Promise<void> {
  const held = trx.updateTable("notification_items").set({ ready_at: now }).where("state", "=", "waiting");
  await held.where("reason", "=", `inhibited ${subjectId}`).execute();
}

/** Writes the message and marks what it tells, in the caller's transaction. */
export async function addMessage(trx: Trx, message: OutboundMessage, itemIds: readonly string[]): Promise<void> {
  const { id, receiver, address, at } = message;
  const document = JSON.stringify(message);
  await trx
    .insertInto("notification_messages")
    .values({
      id,
      receiver,
      address,
      state: "pending",
      attempts: 0,
      created_at: at,
      next_at: at,
      settled_at: null,
      document,
    })
    .execute();
  await trx
    .updateTable("notification_items")
    .set({ state: "bundled", reason: "told", message_id: id })
    .where("id", "in", itemIds)
    .execute();
}

/** When the messages of an address were made since a time, the oldest first. */
export async function messageTimes(trx: Trx, receiver: string, address: string, since: number): Promise<number[]> {
  const rows = await trx
    .selectFrom("notification_messages")
    .select("created_at")
    .where("receiver", "=", receiver)
    .where("address", "=", address)
    .where("created_at", ">", since)
    .orderBy("created_at")
    .execute();
  return rows.map((row) => row.created_at);
}

export async function nextReadyAt(trx: Trx): Promise<number | null> {
  const row = await trx
    .selectFrom("notification_items")
    .select("ready_at")
    .where("state", "=", "waiting")
    .orderBy("ready_at")
    .limit(1)
    .executeTakeFirst();
  return row?.ready_at ?? null;
}
