import { createHash, createHmac, randomBytes } from "node:crypto";
import type { EpisodeKind, InspectionDrawView } from "@hotgrid/contracts";
import type { Kysely, Transaction } from "kysely";
import { appendAudit, SYSTEM } from "./append-audit.ts";
import type { Database } from "./database.ts";

/** How the tickets closed in one local month are drawn. */
export interface InspectionDraw {
  /** YYYY-MM. */
  readonly period: string;
  readonly share: number;
  readonly kinds: readonly EpisodeKind[];
  /** Hex; a secret until the month is over. */
  readonly key: string;
}

/** 2^48: as many bits as a double holds exactly, and then some to spare. */
const DRAWS = 2 ** 48;
const KEY_BYTES = 32;

/** Whether a ticket is drawn: a pure function of key and id, so that it can be done again by everybody who has the key.
 *  The first 48 bits of HMAC-SHA256(key, id), as a share of all that there could be, are below `share`. */
export function isDrawn({ key, share }: Pick<InspectionDraw, "key" | "share">, ticketId: string): boolean {
  const mac = createHmac("sha256", Buffer.from(key, "hex")).update(ticketId).digest();
  return mac.readUIntBE(0, 6) < share * DRAWS;
}

/** "+08:00" → the local month of a moment, YYYY-MM. */
export function localMonth(at: number, utcOffset: string): string {
  const sign = utcOffset.startsWith("-") ? -1 : 1;
  const minutes = sign * (Number(utcOffset.slice(1, 3)) * 60 + Number(utcOffset.slice(4)));
  return new Date(at + minutes * 60_000).toISOString().slice(0, 7);
}

/** The draw of a month; with its first question it is fixed, and its key's digest is in the audit log before any ticket
 *  of the month was drawn: nobody can choose the key afterwards, and whoever closes tickets can't foresee the draw. */
export async function drawOf(
  trx: Transaction<Database>,
  period: string,
  rules: Pick<InspectionDraw, "share" | "kinds">,
  now: number,
): Promise<InspectionDraw> {
  const row = await trx.selectFrom("inspection_draws").selectAll().where("period", "=", period).executeTakeFirst();
  if (row) return { ...row, kinds: row.kinds.split(" ") as EpisodeKind[] };
  const key = randomBytes(KEY_BYTES).toString("hex");
  const draw = { period, share: rules.share, kinds: rules.kinds.join(" "), key };
  await trx.insertInto("inspection_draws").values(draw).execute();
  const { share, kinds } = draw;
  const details = { share, kinds, keySha256: keyDigest(key) };
  const subject = { subject: "inspection", subjectId: `draw-${period}`, division: null } as const;
  await appendAudit(trx, { at: now, actor: SYSTEM, ...subject, action: "draw", details });
  return { period, key, ...rules };
}

const keyDigest = (key: string): string => createHash("sha256").update(Buffer.from(key, "hex")).digest("hex");

/** Draws of all months, the latest first, as anybody may see them. */
export async function listDraws(db: Kysely<Database>, currentMonth: string): Promise<readonly InspectionDrawView[]> {
  const rows = await db.selectFrom("inspection_draws").selectAll().orderBy("period", "desc").limit(120).execute();
  return rows.map(({ period, share, key }) => ({
    ...{ period, share, keySha256: keyDigest(key) },
    key: period < currentMonth ? key : null,
  }));
}
