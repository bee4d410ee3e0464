import type { NotificationRules } from "./notification-rules.ts";
import type { Item } from "./plan-items.ts";

/** What is told to its own address, and what goes upward because that one has had its pages. */
export interface WithinBudget {
  readonly own: readonly Item[];
  readonly over: readonly Item[];
}

/** Divides what is ready: an address whose pages of the time are used up gets only what nothing holds back; the rest goes
 *  to the level above, as one digest. Places (a group chat) have a rate limit, no budget.
 *  @param left pages that an address may still get; null: it has no budget */
export function withinBudget(
  items: readonly Item[],
  left: (item: Item) => number | null,
  { atOnce }: Pick<NotificationRules, "atOnce">,
): WithinBudget {
  const over = items.filter(
    (item) => (left(item) ?? 1) <= 0 && item.overflow !== undefined && !atOnce.includes(item.news.step),
  );
  return { own: items.filter((item) => !over.includes(item)), over };
}

/** The items by which the level above learns of it: one group, so that it is one message. What is relayed once is not
 *  relayed again. */
export const relayUp = ({ overflow = [], mentions, repeats: _repeats, ...item }: Item): readonly Item[] =>
  overflow.map(({ address, person }) => ({
    ...{ receiver: item.receiver, news: item.news, repeats: 0, mentions: [person] },
    ...{ id: `${item.id}^${address}`, address, group: `${item.receiver}/${address}/overflow` },
    relayedFor: mentions[0]?.name ?? "",
  }));
