import { EvidencePhoto, type Ticket } from "@hotgrid/contracts";
import { Rejected } from "@hotgrid/runtime";
import type { Kysely, Selectable } from "kysely";
import { appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import type { EvidenceTable } from "./tables/evidence.ts";

/** Photos of one ticket. Ours: a dozen shows any place; the disk is not a gallery. */
const PHOTOS_PER_TICKET = 20;

/** What is known of the photos; the pictures are in EvidenceFiles. */
export class EvidenceStore {
  readonly #db: Kysely<Database>;
  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** In the order in which they were added. */
  async list(ticketId: string): Promise<readonly EvidencePhoto[]> {
    const rows = await this.#db
      .selectFrom("evidence")
      .selectAll()
      .where("ticket_id", "=", ticketId)
      .orderBy("at")
      .orderBy("id")
      .execute();
    return rows.map(photoOf);
  }

  /** undefined where the ticket has no such photo, even if another one has. */
  async find(ticketId: string, id: string): Promise<EvidencePhoto | undefined> {
    const query = this.#db.selectFrom("evidence").selectAll().where("ticket_id", "=", ticketId).where("id", "=", id);
    const row = await query.executeTakeFirst();
    return row && photoOf(row);
  }

  /** With its audit record. The same file again is answered with the photo that is there. Throws Rejected
   *  "too-many-photos".
   *  @param address from which it was sent. */
  async add(photo: EvidencePhoto, ticket: Pick<Ticket, "division">, address: string): Promise<EvidencePhoto> {
    return this.#db.transaction().execute(async (trx) => {
      const rows = await trx.selectFrom("evidence").selectAll().where("ticket_id", "=", photo.ticketId).execute();
      const same = rows.find((row) => row.original_sha256 === photo.originalSha256);
      if (same) return photoOf(same);
      if (rows.length >= PHOTOS_PER_TICKET) throw tooMany();
      await trx.insertInto("evidence").values(photoRow(photo)).execute();
      const { at, by, ticketId, id, sha256, originalSha256, takenAt, lon, lat } = photo;
      await appendAudit(trx, {
        ...{ at, actor: { account: by, address }, subject: "evidence", subjectId: id, division: ticket.division },
        action: "add",
        details: { ticketId, sha256, originalSha256, takenAt, lon, lat },
      });
      return photo;
    });
  }
}

const tooMany = (): Rejected => {
  const zh = `每张工单最多 ${PHOTOS_PER_TICKET} 张照片`;
  return new Rejected("too-many-photos", { zh, en: `a ticket has at most ${PHOTOS_PER_TICKET} photos` }, "file");
};

const photoRow = (photo: EvidencePhoto): EvidenceTable => ({
  ...{ id: photo.id, ticket_id: photo.ticketId, at: photo.at, account_id: photo.by, account_name: photo.byName },
  ...{ width: photo.width, height: photo.height, bytes: photo.bytes, sha256: photo.sha256 },
  ...{ original_sha256: photo.originalSha256, taken_at: photo.takenAt, lon: photo.lon, lat: photo.lat },
});

const photoOf = (row: Selectable<EvidenceTable>): EvidencePhoto =>
  EvidencePhoto.parse({
    ...{ id: row.id, ticketId: row.ticket_id, at: row.at, by: row.account_id, byName: row.account_name },
    ...{ width: row.width, height: row.height, bytes: row.bytes, sha256: row.sha256 },
    ...{ originalSha256: row.original_sha256, takenAt: row.taken_at, lon: row.lon, lat: row.lat },
  });
