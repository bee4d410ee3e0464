import type { EpisodeKind, TicketHistoryEntry } from "@hotgrid/contracts";
import type { Kysely } from "kysely";
import type { Database } from "./database.ts";
import { isDrawn, localMonth } from "./inspection-draw-store.ts";

/** A month's draw, done again. */
export interface DrawCheck {
  /** Local month, YYYY-MM. */
  readonly period: string;
  readonly share: number;
  /** Closings of the kinds that are drawn, and how many of them were to come on the inspectors' list. */
  readonly closings: number;
  readonly drawn: number;
  /** Ids of tickets that are on the list and were not drawn, or the other way round. Empty: it is proven. */
  readonly differing: readonly string[];
}

/** Does the draw of every month again from its key, over the history of the tickets that were closed in it. A ticket that
 *  came on the list because its last inspection was not passed is not of the draw. */
export async function checkDraws(db: Kysely<Database>, utcOffset: string): Promise<readonly DrawCheck[]> {
  const draws = await db.selectFrom("inspection_draws").selectAll().orderBy("period").execute();
  const checks: DrawCheck[] = [];
  for (const { period, share, kinds, key } of draws) {
    const from = Date.parse(`${period}-01T00:00:00${utcOffset}`);
    const closings = (await closingsSince(db, from, kinds.split(" ") as EpisodeKind[])).filter(
      ({ at }) => localMonth(at, utcOffset) === period,
    );
    const own = closings.filter(({ listed }) => listed !== "failed-before");
    const differing = own.filter(({ id, listed }) => isDrawn({ key, share }, id) !== (listed === "sampled"));
    const drawn = own.filter(({ id }) => isDrawn({ key, share }, id)).length;
    checks.push({ period, share, closings: own.length, drawn, differing: differing.map(({ id }) => id) });
  }
  return checks;
}

interface Closing {
  readonly id: string;
  readonly at: number;
  /** Why it came on the list right after; null: it did not. */
  readonly listed: string | null;
}

/** Longer than any month, ms. */
const MONTH_MS = 32 * 86_400_000;

async function closingsSince(db: Kysely<Database>, from: number, kinds: readonly EpisodeKind[]): Promise<Closing[]> {
  const rows = await db
    .selectFrom("ticket_history")
    .innerJoin("tickets", "tickets.id", "ticket_history.ticket_id")
    .select(["ticket_history.ticket_id", "ticket_history.revision", "ticket_history.document"])
    .where("ticket_history.action", "in", ["verify", "close", "false-alarm", "inspection-chosen"])
    .where("ticket_history.at", ">=", from)
    .where("ticket_history.at", "<", from + MONTH_MS)
    .where("tickets.kind", "in", kinds)
    .execute();
  const lines = rows.map(({ ticket_id: id, document }) => ({ id, line: JSON.parse(document) as TicketHistoryEntry }));
  const listed = new Map(
    lines
      .filter(({ line }) => line.action === "inspection-chosen")
      .map(({ id, line }) => [`${id}#${line.revision}`, line.note]),
  );
  return lines
    .filter(({ line }) => line.to === "closed" && line.from !== "closed")
    .map(({ id, line }) => ({ id, at: line.at, listed: listed.get(`${id}#${line.revision + 1}`) ?? null }));
}
