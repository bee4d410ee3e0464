import { createHash } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import { z } from "zod";
import type { AuditProblem } from "./audit-chain.ts";
import type { Database } from "./database.ts";
import { inChunks } from "./in-chunks.ts";

/** SHA-256, hex, of a stored document: what a ticket's audit record keeps of the line of history and of the state. */
export const documentHash = (document: string): string => createHash("sha256").update(document).digest("hex");

/** What appendTicketAudit() writes. */
const Details = z.object({ revision: z.int(), entrySha256: z.string(), stateSha256: z.string() });

/** Of one ticket, as far as the log was read. */
interface Recorded {
  readonly seq: number;
  readonly stateSha256: string;
  readonly firstRevision: number;
  readonly lines: number;
}

/** Rows of one look. Ours. */
const PAGE = 500;

/** Compares what the audit log, found whole, says of tickets with what is stored of them: every recorded line of
 *  history is there as it was, none was put in beside, and every ticket is as its last recorded step left it. In one
 *  transaction, so that a change meanwhile is no difference. Steps from before the audit log are not looked at. */
export function checkAuditedTickets(db: Kysely<Database>): Promise<AuditProblem | null> {
  return db.transaction().execute(async (trx) => {
    const tickets = new Map<string, Recorded>();
    for (let seq = 0; ; ) {
      const page = await recordsAfter(trx, seq);
      const last = page.at(-1);
      if (!last) return checkStates(trx, tickets);
      const problem = await checkHistory(trx, page, tickets);
      if (problem) return problem;
      seq = last.seq;
    }
  });
}

interface TicketRecord {
  readonly seq: number;
  readonly subject_id: string;
  readonly details: string;
}

const recordsAfter = (trx: Transaction<Database>, seq: number): Promise<TicketRecord[]> =>
  trx
    .selectFrom("audit")
    .select(["seq", "subject_id", "details"])
    .where("subject", "=", "ticket")
    .where("seq", ">", seq)
    .orderBy("seq")
    .limit(PAGE)
    .execute();

async function checkHistory(
  trx: Transaction<Database>,
  page: readonly TicketRecord[],
  tickets: Map<string, Recorded>,
): Promise<AuditProblem | null> {
  const ids = [...new Set(page.map((row) => row.subject_id))];
  const lines = await trx
    .selectFrom("ticket_history")
    .select(["ticket_id", "revision", "document"])
    .where("ticket_id", "in", ids)
    .execute();
  const documents = new Map(lines.map((line) => [`${line.ticket_id}#${line.revision}`, line.document]));
  for (const { seq, subject_id: id, details } of page) {
    const { revision, entrySha256, stateSha256 } = Details.parse(JSON.parse(details));
    const document = documents.get(`${id}#${revision}`);
    if (document === undefined || documentHash(document) !== entrySha256) return unlike(seq, id, "历史", "history");
    const before = tickets.get(id);
    const firstRevision = before?.firstRevision ?? revision;
    tickets.set(id, { seq, stateSha256, firstRevision, lines: (before?.lines ?? 0) + 1 });
  }
  return null;
}

async function checkStates(
  trx: Transaction<Database>,
  recorded: ReadonlyMap<string, Recorded>,
): Promise<AuditProblem | null> {
  for (const chunk of inChunks([...recorded])) {
    const ids = chunk.map(([id]) => id);
    const states = await trx.selectFrom("tickets").select(["id", "document"]).where("id", "in", ids).execute();
    const documents = new Map(states.map(({ id, document }) => [id, document]));
    const lines = await trx
      .selectFrom("ticket_history")
      .select(["ticket_id", "revision"])
      .where("ticket_id", "in", ids)
      .execute();
    for (const [id, { seq, stateSha256, firstRevision, lines: known }] of chunk) {
      const document = documents.get(id);
      if (document === undefined || documentHash(document) !== stateSha256) return unlike(seq, id, "状态", "state");
      const stored = lines.filter((line) => line.ticket_id === id && line.revision >= firstRevision).length;
      if (stored !== known) return unlike(seq, id, "历史", "history");
    }
  }
  return null;
}

const unlike = (seq: number, id: string, zh: string, en: string): AuditProblem => ({
  kind: "ticket",
  seq,
  message: {
    zh: `工单 ${id} 的${zh}与第 ${seq} 条记录不符`,
    en: `the ${en} of ticket ${id} is not what record ${seq} says`,
  },
});
