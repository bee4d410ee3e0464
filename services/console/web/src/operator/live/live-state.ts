import type {
  EpisodeStreamEvent,
  EpisodeView,
  ReadingSummary,
  StationStreamEvent,
  StationView,
  TicketView,
} from "@hotgrid/contracts";
import type { z } from "zod";
import type { TicketChange } from "../../tickets/ticket-change.ts";
import { addToFeed, type FeedItem, feedOf } from "./feed-item.ts";

/** What the operator's page knows of the city. Values are replaced, never changed, so that a view sees what is new. */
export interface LiveState {
  readonly loaded: boolean;
  readonly stations: ReadonlyMap<string, StationView>;
  readonly episodes: ReadonlyMap<string, EpisodeView>;
  readonly tickets: ReadonlyMap<string, TicketView>;
  /** Newest first. */
  readonly feed: readonly FeedItem[];
}

export type LiveEvent =
  | { readonly event: "reading-summary"; readonly data: ReadingSummary }
  | { readonly event: "episode"; readonly data: z.infer<typeof EpisodeStreamEvent> }
  | { readonly event: "ticket"; readonly data: TicketChange }
  | { readonly event: "station"; readonly data: StationStreamEvent };

export interface Lists {
  readonly stations: readonly StationView[];
  readonly episodes: readonly EpisodeView[];
  readonly tickets: readonly TicketView[];
}

export const emptyState: LiveState = {
  loaded: false,
  stations: new Map(),
  episodes: new Map(),
  tickets: new Map(),
  feed: [],
};

/** Settled episodes and tickets kept beside all open ones. Ours. */
export const SETTLED_LIMIT = 200;

export function fromLists({ stations, episodes, tickets }: Lists): LiveState {
  return {
    loaded: true,
    stations: byId(stations),
    episodes: byId(episodes),
    tickets: byId(tickets),
    feed: feedOf(episodes, tickets),
  };
}

const byId = <T extends { readonly id: string }>(items: readonly T[]): Map<string, T> =>
  new Map(items.map((item) => [item.id, item]));

/** A batch at once: each map is copied once however many events there are. */
export function withEvents(state: LiveState, events: readonly LiveEvent[]): LiveState {
  const stations = new Map(state.stations);
  const episodes = new Map(state.episodes);
  const tickets = new Map(state.tickets);
  let feed = state.feed;
  const touched = new Set<LiveEvent["event"]>();
  for (const live of events) {
    touched.add(live.event);
    switch (live.event) {
      case "reading-summary":
        takeReadings(stations, live.data);
        break;
      case "station":
        takeStation(stations, live.data);
        break;
      case "episode":
        episodes.set(live.data.episode.id, live.data.episode);
        feed = addToFeed(feed, live);
        break;
      case "ticket": {
        const known = tickets.get(live.data.ticket.id);
        if (known !== undefined && known.revision > live.data.ticket.revision) break;
        tickets.set(live.data.ticket.id, live.data.ticket);
        feed = addToFeed(feed, live);
      }
    }
  }
  return {
    loaded: state.loaded,
    stations: touched.has("reading-summary") || touched.has("station") ? stations : state.stations,
    episodes: touched.has("episode") ? bounded(episodes, ({ status }) => status === "resolved") : state.episodes,
    tickets: touched.has("ticket") ? bounded(tickets, ({ state: at }) => at === "closed") : state.tickets,
    feed,
  };
}

function takeReadings(stations: Map<string, StationView>, summary: ReadingSummary): void {
  for (const [stationId, phenomenonTime, results] of summary.stations) {
    const station = stations.get(stationId);
    if (station === undefined) continue;
    const known = station.latest === null ? Number.NEGATIVE_INFINITY : Date.parse(station.latest.phenomenonTime);
    if (phenomenonTime < known) continue;
    const latest = { phenomenonTime: new Date(phenomenonTime).toISOString(), results };
    stations.set(stationId, { ...station, latest });
  }
}

function takeStation(stations: Map<string, StationView>, event: StationStreamEvent): void {
  const station = stations.get(event.stationId);
  if (station === undefined) return;
  stations.set(
    station.id,
    event.kind === "connection"
      ? { ...station, online: event.state === "online" }
      : { ...station, flags: { ...station.flags, [event.observedProperty]: event.flag } },
  );
}

/** Drops the settled that have been here longest. */
function bounded<T extends { readonly id: string }>(
  items: Map<string, T>,
  settled: (item: T) => boolean,
): Map<string, T> {
  const old = [...items.values()].filter(settled);
  for (const { id } of old.slice(0, Math.max(0, old.length - SETTLED_LIMIT))) items.delete(id);
  return items;
}
