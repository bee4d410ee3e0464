import type { EpisodeStreamEvent, EpisodeView, TicketView } from "@hotgrid/contracts";
import type { z } from "zod";
import type { TicketChange } from "../../tickets/ticket-change.ts";

/** One line of the live stream. */
export type FeedItem = { readonly key: string /** Epoch ms. */; readonly at: number } & (
  | { readonly what: "raised" | "resolved"; readonly episode: EpisodeView }
  | {
      readonly what: "ticket";
      readonly ticket: TicketView;
      /** Who did what; null for a ticket from the list, of which only the present state is known. */
      readonly entry: TicketChange["entry"] | null;
    }
);

/** Lines of the stream that are kept: more than anybody scrolls through. Ours. */
export const FEED_LIMIT = 200;

type FeedEvent =
  | { readonly event: "episode"; readonly data: z.infer<typeof EpisodeStreamEvent> }
  | { readonly event: "ticket"; readonly data: TicketChange };

/** News of an episode renews the lines about it instead of adding one, a ticket's, too: an hour of fire is one thing,
 *  not sixty, and a place that became sharper is not told in two ways. */
export function addToFeed(feed: readonly FeedItem[], event: FeedEvent): readonly FeedItem[] {
  if (event.event === "ticket") {
    const { ticket, entry } = event.data;
    if (entry.action === "episode-updated")
      return feed.map((item) => (item.what === "ticket" && item.ticket.id === ticket.id ? { ...item, ticket } : item));
    return withItem(feed, ticketItem(ticket, entry));
  }
  const { episode, type } = event.data;
  const renewed = feed.map((item) =>
    item.what !== "ticket" && item.episode.id === episode.id ? { ...item, episode } : item,
  );
  const known = renewed.some(({ key }) => key === raisedKey(episode));
  const raised = known ? renewed : withItem(renewed, raisedItem(episode));
  return type === "resolved" ? withItem(raised, resolvedItem(episode)) : raised;
}

/** The stream as it would have come, as far as the lists tell. */
export function feedOf(episodes: readonly EpisodeView[], tickets: readonly TicketView[]): readonly FeedItem[] {
  return [
    ...episodes.map(raisedItem),
    ...episodes.filter(({ status }) => status === "resolved").map(resolvedItem),
    ...tickets.map((ticket) => ticketItem(ticket, null)),
  ]
    .sort((a, b) => b.at - a.at)
    .slice(0, FEED_LIMIT);
}

const raisedKey = (episode: EpisodeView): string => `raised ${episode.id}`;

const raisedItem = (episode: EpisodeView): FeedItem => ({
  key: raisedKey(episode),
  at: Date.parse(episode.startedAt),
  what: "raised",
  episode,
});

/** A recurrence may continue a resolved episode: the end is part of the key. */
const resolvedItem = (episode: EpisodeView): FeedItem => ({
  key: `resolved ${episode.id} ${episode.endedAt}`,
  at: Date.parse(episode.endedAt ?? episode.startedAt),
  what: "resolved",
  episode,
});

const ticketItem = (ticket: TicketView, entry: TicketChange["entry"] | null): FeedItem => ({
  key: `ticket ${ticket.id} ${entry?.revision ?? ticket.revision}`,
  at: Date.parse(entry?.at ?? ticket.updatedAt),
  what: "ticket",
  ticket,
  entry,
});

/** In front of all: what is news comes first even if it began a while ago. Twice the same is once. */
function withItem(feed: readonly FeedItem[], item: FeedItem): readonly FeedItem[] {
  return [item, ...feed.filter(({ key }) => key !== item.key)].slice(0, FEED_LIMIT);
}
