import type { AuditRecord, Ticket, TicketHistoryEntry } from "@hotgrid/contracts";
import type { Transaction } from "kysely";
import { auditHash, canonicalJson } from "./audit-chain.ts";
import { documentHash } from "./check-audited-tickets.ts";
import type { Database } from "./database.ts";

/** Who makes a change. */
export interface Actor {
  /** Account id, "system", or "cli:NAME". */
  readonly account: string;
  /** Network address of the request, null where there is none. */
  readonly address: string | null;
}

/** What the system does by itself: seeds, clocks, sensors. */
export const SYSTEM: Actor = { account: "system", address: null };

export interface AuditEvent extends Pick<AuditRecord, "at" | "subject" | "subjectId" | "division" | "action"> {
  readonly actor: Actor;
  readonly details?: AuditRecord["details"];
}

/** Writes one record, in the transaction of the change that it tells of: both are there or neither. The head's row is
 *  taken first, so that two writers follow each other on every database. */
export async function appendAudit(trx: Transaction<Database>, event: AuditEvent): Promise<void> {
  const { at, actor, subject, subjectId, division, action, details = {} } = event;
  const head = await trx
    .updateTable("audit_head")
    .set((eb) => ({ count: eb("count", "+", 1) }))
    .where("id", "=", 1)
    .returning(["count", "hash"])
    .executeTakeFirstOrThrow();
  const content = { ...actor, seq: head.count, at, subject, subjectId, division, action, previous: head.hash };
  const hash = auditHash({ ...content, details });
  const { subjectId: subject_id, ...columns } = content;
  await trx
    .insertInto("audit")
    .values({ ...columns, subject_id, details: canonicalJson(details), hash })
    .execute();
  await trx.updateTable("audit_head").set({ hash }).where("id", "=", 1).execute();
}

/** Records one step of a ticket, with hashes of the documents that are stored for its history and its new state. */
export function appendTicketAudit(
  trx: Transaction<Database>,
  step: { readonly ticket: Ticket; readonly entry: TicketHistoryEntry },
  address: string | null,
): Promise<void> {
  const { ticket, entry } = step;
  return appendAudit(trx, {
    at: entry.at,
    actor: { account: entry.by, address },
    subject: "ticket",
    subjectId: ticket.id,
    division: ticket.division,
    action: entry.action,
    details: {
      revision: entry.revision,
      from: entry.from,
      to: entry.to,
      officerId: ticket.officerId,
      note: entry.note,
      entrySha256: documentHash(JSON.stringify(entry)),
      stateSha256: documentHash(JSON.stringify(ticket)),
    },
  });
}
