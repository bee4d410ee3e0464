import { type Database, SilenceStore } from "@hotgrid/store";
import type { Kysely } from "kysely";
import * as ledger from "./adapters/notification-ledger.ts";
import { type Bundle, bundle } from "./core/bundle.ts";
import { judgeItem } from "./core/judge-item.ts";
import type { Subject } from "./core/news.ts";
import type { NotificationRules } from "./core/notification-rules.ts";
import { relayUp, withinBudget } from "./core/page-budget.ts";
import type { Item } from "./core/plan-items.ts";
import { remindAgain } from "./core/remind-again.ts";
import { type Rendering, renderMessage } from "./core/render-message.ts";
import type { Receiver, Trx } from "./ports.ts";

export interface Bundling {
  readonly rules: NotificationRules;
  readonly receivers: readonly Receiver[];
  readonly rendering: Rendering;
}

/** Items looked at in one transaction. Ours: some 50 ms on two cores. */
const BATCH = 500;
const MINUTE_MS = 60_000;

/** Makes messages of what is ready, and puts off or drops the rest, in one transaction: a crash leaves all of it or
 *  nothing.
 *  @returns when there is something to do again, epoch ms, or null */
export async function bundleItems(db: Kysely<Database>, bundling: Bundling, now: number): Promise<number | null> {
  return db.transaction().execute(async (trx) => {
    const items = await ledger.readyItems(trx, now, BATCH);
    if (items.length > 0) await settle(trx, items, bundling, now);
    return ledger.nextReadyAt(trx);
  });
}

async function settle(trx: Trx, items: readonly Item[], bundling: Bundling, now: number): Promise<void> {
  const subjects = await ledger.subjectsById(trx, [...new Set(items.map(({ news }) => news.subject.id))]);
  const judged = await judgeAll(trx, items, subjects, bundling, now);
  const pages = await pagesLeft(trx, judged, bundling, now);
  const { own: telling, over } = withinBudget(
    judged,
    ({ receiver, address }) => pages.get(keyOf(receiver, address)) ?? null,
    bundling.rules,
  );
  for (const item of over) await relay(trx, item, bundling, now);
  const budgets = await budgetsOf(trx, telling, pages, bundling, now);
  const budgetOf = (receiver: string, address: string) => budgets.get(keyOf(receiver, address));
  const bundles = bundle(telling, (receiver, address) => budgetOf(receiver, address)?.left ?? 0);
  for (const one of bundles) await tell(trx, one, subjects, bundling, now);
  const told = new Set(bundles.flatMap((one) => one.items.map(({ id }) => id)));
  for (const item of telling.filter(({ id }) => !told.has(id))) {
    await ledger.holdItem(trx, item.id, budgetOf(item.receiver, item.address)?.freeAt ?? now + MINUTE_MS, "rate-limit");
  }
}

async function judgeAll(
  trx: Trx,
  items: readonly Item[],
  subjects: ReadonlyMap<string, Subject>,
  { rules, rendering }: Bundling,
  now: number,
): Promise<readonly Item[]> {
  const open = await ledger.openSubjects(trx, [...new Set(rules.inhibitions.map(({ by }) => by))]);
  const told = new Set(await ledger.toldOf(trx, [...subjects.keys()]));
  const common = {
    now,
    offsetMinutes: rendering.offsetMinutes,
    openSubjects: open,
    silences: await new SilenceStore(trx).open(now),
  };
  const telling: Item[] = [];
  for (const item of items) {
    const subject = subjects.get(item.news.subject.id) ?? item.news.subject;
    const key = ledger.toldKey(subject.id, item.receiver, item.address);
    const judgement = judgeItem(item, { ...common, subject, toldBefore: told.has(key) }, rules);
    if (judgement.verdict === "tell") {
      telling.push(item);
      // What follows it may be ready with it, as after a standstill.
      told.add(key);
    } else if (judgement.verdict === "drop") await ledger.dropItem(trx, item.id, judgement.reason);
    else await ledger.holdItem(trx, item.id, judgement.until, judgement.reason);
  }
  return telling;
}

const keyOf = (receiver: string, address: string): string => JSON.stringify([receiver, address]);

/** Pages that each person's address may still get. */
async function pagesLeft(
  trx: Trx,
  items: readonly Item[],
  { rules: { pageBudget }, receivers }: Bundling,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const left = new Map<string, number>();
  if (pageBudget === null) return left;
  for (const { receiver, address } of items) {
    const key = keyOf(receiver, address);
    if (left.has(key) || receivers.find(({ id }) => id === receiver)?.reaches === "place") continue;
    const times = await ledger.messageTimes(trx, receiver, address, now - pageBudget.perMinutes * MINUTE_MS);
    left.set(key, pageBudget.pages - times.length);
  }
  return left;
}

/** The level above is told instead, with what else comes until then. */
async function relay(trx: Trx, item: Item, { rules: { pageBudget } }: Bundling, now: number): Promise<void> {
  const readyAt = now + (pageBudget?.digestMinutes ?? 0) * MINUTE_MS;
  for (const relayed of relayUp(item)) await ledger.addItem(trx, relayed, { now, readyAt });
  await ledger.dropItem(trx, item.id, "page-budget: told above");
}

interface Budget {
  readonly left: number;
  /** When the oldest message leaves the window, epoch ms. */
  readonly freeAt: number;
}

async function budgetsOf(
  trx: Trx,
  items: readonly Item[],
  pages: ReadonlyMap<string, number>,
  { rules, receivers }: Bundling,
  now: number,
) {
  const budgets = new Map<string, Budget>();
  for (const { receiver, address } of items) {
    const key = keyOf(receiver, address);
    // A receiver that the configuration no longer has gets nothing: what waits for it waits.
    const known = receivers.find(({ id }) => id === receiver);
    if (budgets.has(key) || known === undefined) continue;
    const limit = known.limit ?? rules.limit;
    const windowMs = limit.perMinutes * MINUTE_MS;
    const times = await ledger.messageTimes(trx, receiver, address, now - windowMs);
    const left = limit.messages - times.length;
    const page = pages.get(key) ?? left;
    // Without a page left only what nothing holds back is here.
    budgets.set(key, { left: page > 0 ? Math.min(left, page) : left, freeAt: (times[0] ?? now) + windowMs });
  }
  return budgets;
}

async function tell(
  trx: Trx,
  one: Bundle,
  subjects: ReadonlyMap<string, Subject>,
  { rules, receivers, rendering }: Bundling,
  now: number,
): Promise<void> {
  const ids = one.items.map(({ id }) => id);
  await ledger.addMessage(trx, renderMessage(one, now, rendering), ids);
  const receiver = receivers.find(({ id }) => id === one.receiver);
  if (receiver === undefined) return;
  for (const item of one.items) {
    const subject = subjects.get(item.news.subject.id) ?? item.news.subject;
    const again = remindAgain(item, subject, receiver, rules, now);
    if (again !== null) await ledger.addReminder(trx, again.item, { now, readyAt: again.readyAt });
  }
}
