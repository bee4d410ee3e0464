import type { Step, Subject } from "./news.ts";
import type { NotificationRules } from "./notification-rules.ts";
import type { Item, ReceiverFacts } from "./plan-items.ts";

const MINUTE_MS = 60_000;

/** What hands a ticket to somebody, and so asks for an answer: other news of it starts no reminders of its own. */
const ASKING: readonly Step[] = ["opened", "reopened", "assigned", "escalated", "reminder"];

/** The same item again, for when nobody answers: with its time. null: it is answered, told often enough, another one's page, not wanted by
 *  this receiver, or nothing that asks for an answer. */
export function remindAgain(
  item: Item,
  subject: Subject,
  receiver: ReceiverFacts,
  rules: NotificationRules,
  now: number,
): { readonly item: Item; readonly readyAt: number } | null {
  const wanted = receiver.audiences.some((name) => rules.audiences[name]?.steps.includes("reminder"));
  if (
    !wanted ||
    item.relayedFor !== undefined ||
    !ASKING.includes(item.news.step) ||
    subject.state !== "dispatched" ||
    item.repeats >= rules.repeat.atMost
  )
    return null;
  const readyAt = now + Math.round(rules.repeat.minutes[subject.severity] * MINUTE_MS);
  const repeats = item.repeats + 1;
  const origin = item.news.id.replace(/~\d+$/, "");
  const news = { ...item.news, id: `${origin}~${repeats}`, step: "reminder" as const, at: readyAt, subject };
  return { item: { ...item, id: `${news.id}/${item.receiver}/${item.address}`, news, repeats }, readyAt };
}
