import type { DivisionCode, EpisodeKind } from "@hotgrid/contracts";
import { Rejected } from "@hotgrid/runtime";
import type { Kysely, Selectable } from "kysely";
import { type Actor, appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import type { SilencesTable } from "./tables/notifications.ts";

/** A person's mute of notifications. Kind and station null: all of the division and below. */
export interface Silence {
  readonly id: string;
  readonly division: DivisionCode;
  readonly kind: EpisodeKind | null;
  readonly stationId: string | null;
  /** Epoch ms UTC: from inclusive, to exclusive. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly author: string;
  readonly reason: string;
}

/** Longest silence, ms. Ours: what is not to be heard for longer is a matter for the rules. */
const LONGEST_MS = 30 * 86_400_000;

/** A silence always has an end, an author and a reason; it is ended early, never deleted. */
export class SilenceStore {
  readonly #db: Kysely<Database>;
  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** With its record in the audit log. Throws Rejected("bad-silence") where it has no end within 30 days, no author or
   *  no reason. */
  async add(silence: Silence, now: number, actor: Actor): Promise<void> {
    const { id, division, kind, stationId, startsAt, endsAt, author, reason } = silence;
    if (!(endsAt > startsAt && endsAt > now && endsAt - now <= LONGEST_MS)) {
      throw bad("结束时间须在将来且不超过 30 天", "its end has to be ahead, within 30 days");
    }
    if (author.trim() === "" || reason.trim() === "") throw bad("须有设置人和原因", "it needs an author and a reason");
    const row = { id, division, kind, station_id: stationId, starts_at: startsAt, ends_at: endsAt, author, reason };
    await this.#db.transaction().execute(async (trx) => {
      await trx
        .insertInto("silences")
        .values({ ...row, created_at: now })
        .execute();
      const details = { kind, stationId, startsAt, endsAt, reason };
      await appendAudit(trx, { at: now, actor, subject: "silence", subjectId: id, division, action: "add", details });
    });
  }

  /** Those that hold or will, the one that ends first at first. */
  async open(now: number): Promise<readonly Silence[]> {
    const rows = await this.#db
      .selectFrom("silences")
      .selectAll()
      .where("ends_at", ">", now)
      .orderBy("ends_at")
      .execute();
    return rows.map(toSilence);
  }

  async find(id: string): Promise<Silence | undefined> {
    const row = await this.#db.selectFrom("silences").selectAll().where("id", "=", id).executeTakeFirst();
    return row && toSilence(row);
  }

  /** Ends it now. False: there is no such silence, or it is over. */
  async end(id: string, now: number, actor: Actor): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const row = await trx
        .updateTable("silences")
        .set({ ends_at: now })
        .where("id", "=", id)
        .where("ends_at", ">", now)
        .returning("division")
        .executeTakeFirst();
      if (row === undefined) return false;
      const subject = { subject: "silence", subjectId: id, division: row.division } as const;
      await appendAudit(trx, { at: now, actor, ...subject, action: "end" });
      return true;
    });
  }
}

const toSilence = (row: Selectable<SilencesTable>): Silence => ({
  ...{ id: row.id, division: row.division, kind: row.kind, stationId: row.station_id },
  ...{ startsAt: row.starts_at, endsAt: row.ends_at, author: row.author, reason: row.reason },
});

const bad = (zh: string, en: string): Rejected =>
  new Rejected("bad-silence", { zh: `静默无效：${zh}`, en: `not a silence: ${en}` });
