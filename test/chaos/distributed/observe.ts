import type { Bus } from "@hotgrid/bus";
import { Reading, readingKey, TicketHistoryEntry } from "@hotgrid/contracts";
import type { Database, ReadingStore } from "@hotgrid/store";
import type { Kysely } from "kysely";
import { z } from "zod";
import type { Acknowledged, History, KeyedReading, StoredHour, Tables } from "./check-history.ts";

const HOUR_MS = 3_600_000;
/** Rows of one answer: as many as the store gives. */
const LIMIT = 50_000;
/** Readings that far apart are of two ranges of time, ms. */
const APART_MS = 48 * HOUR_MS;

export interface Stores {
  readonly bus: Bus;
  readonly database: Kysely<Database>;
  readonly readings: ReadingStore;
}

type Stored = Pick<History, "stored" | "hours" | "refused" | "otherLetters">;

/** What the stores have of these readings and of everything else in their hours. */
export async function observeReadings(
  { readings, database }: Stores,
  acknowledged: readonly Acknowledged[],
): Promise<Stored> {
  const stored: KeyedReading[] = [];
  const hours: StoredHour[] = [];
  const kept = acknowledged.filter((reading) => reading.in === "store");
  for (const [stationId, its] of Map.groupBy(kept, (reading) => reading.stationId)) {
    for (const range of rangesOf(its.map(({ phenomenonTime }) => phenomenonTime))) {
      const rows = await rawReadings(readings, { stationId, ...range });
      stored.push(...rows);
      hours.push(...(await hoursOf(readings, { stationId, ...range }, rows)));
    }
  }
  return { stored, hours, ...(await letters(database)) };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Whole hours that hold these times, a hole of days left out. */
function rangesOf(times: readonly number[]): readonly Range[] {
  const ranges: { from: number; to: number }[] = [];
  for (const time of times.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    const from = Math.floor(time / HOUR_MS) * HOUR_MS;
    if (last !== undefined && time - last.to < APART_MS) last.to = from + HOUR_MS;
    else ranges.push({ from, to: from + HOUR_MS });
  }
  return ranges;
}

async function rawReadings(
  store: ReadingStore,
  range: Range & { readonly stationId: string },
): Promise<readonly KeyedReading[]> {
  const properties = ["pm25", "pm10"] as const;
  const series = await store.series({ ...range, interval: "raw", properties, limit: LIMIT });
  if (series.truncated) throw new Error(`more than ${LIMIT} readings of ${range.stationId}`);
  return series.times.map((phenomenonTime, i) => ({
    stationId: range.stationId,
    phenomenonTime,
    results: { pm25: series.properties.pm25?.[i] ?? undefined, pm10: series.properties.pm10?.[i] ?? undefined },
  }));
}

/** How many readings the roll-ups have of each hour in which there are any; 0 where there is no roll-up. */
async function hoursOf(
  store: ReadingStore,
  range: Range & { readonly stationId: string },
  rows: readonly KeyedReading[],
): Promise<readonly StoredHour[]> {
  const asked = { ...range, interval: "1h", statistic: "count", properties: ["pm25"], limit: LIMIT } as const;
  const { times, properties } = await store.series(asked);
  const counts = new Map(times.map((time, i) => [time, properties.pm25?.[i] ?? 0]));
  const begins = new Set(rows.map(({ phenomenonTime }) => Math.floor(phenomenonTime / HOUR_MS) * HOUR_MS));
  return [...begins].map((from) => ({ stationId: range.stationId, from, count: counts.get(from) ?? 0 }));
}

/** A refused part of a publish as the station wrote it. */
const Raw = z.object({ phenomenonTime: Reading.shape.phenomenonTime });

async function letters(database: Kysely<Database>): Promise<Pick<History, "refused" | "otherLetters">> {
  const columns = ["reason", "source_station_id", "source_subject", "raw"] as const;
  const rows = await database.selectFrom("dead_letters").select(columns).execute();
  const { future = [], other = [] } = Object.groupBy(rows, ({ reason }) =>
    reason === "future-time" ? "future" : "other",
  );
  const refused = future.map(({ source_station_id, raw }) => {
    const { phenomenonTime } = Raw.parse(JSON.parse(Buffer.from(raw, "base64").toString()));
    return readingKey({ stationId: source_station_id ?? "", phenomenonTime });
  });
  return { refused, otherLetters: other.map(({ reason, source_subject }) => `${reason} ${source_subject}`) };
}

/** With which message each piece of news went. */
export async function observeNotifications(database: Kysely<Database>): Promise<History["sentWith"]> {
  const items = await database.selectFrom("notification_items").select(["id", "message_id"]).execute();
  return items.flatMap(({ id, message_id }) =>
    // "news/receiver/address"
    message_id === null ? [] : [{ news: id.split("/")[0] ?? "", messageId: message_id }],
  );
}

/** Everything that is known of tickets. */
export async function observeTables(database: Kysely<Database>): Promise<Tables> {
  const episodes = await database.selectFrom("episodes").select(["id", "revision"]).execute();
  const tickets = await database.selectFrom("tickets").select(["id", "revision", "open_place"]).execute();
  const links = await database.selectFrom("ticket_episodes").selectAll().execute();
  const lines = await database.selectFrom("ticket_history").select(["ticket_id", "document"]).execute();
  const inhibited = await database.selectFrom("inhibited_episodes").select("episode_id").execute();
  return {
    episodes,
    tickets: tickets.map(({ id, revision, open_place }) => ({ id, revision, openPlace: open_place })),
    ticketEpisodes: links.map(({ episode_id, ticket_id }) => ({ episodeId: episode_id, ticketId: ticket_id })),
    lines: lines.map(({ ticket_id, document }) => ({
      ticketId: ticket_id,
      note: TicketHistoryEntry.parse(JSON.parse(document)).note,
    })),
    inhibited: inhibited.map(({ episode_id }) => episode_id),
  };
}
