import { AuditRecord, type AuditSubject, type DivisionCode, divisionLevel } from "@hotgrid/contracts";
import type { Kysely, Selectable } from "kysely";
import { type AuditHead, type AuditProblem, AuditWalk } from "./audit-chain.ts";
import { checkAuditedTickets } from "./check-audited-tickets.ts";
import type { Database } from "./database.ts";
import { divisionRange } from "./division-range.ts";
import { decodeCursor, type KeysetPage, LARGEST_PAGE, pageSize, toPage } from "./keyset-page.ts";
import type { AuditTable } from "./tables/audit.ts";

export interface AuditQuery {
  /** This division and all below it; what belongs to the whole city only where it is the city. */
  readonly division: DivisionCode;
  readonly subject?: AuditSubject;
  readonly subjectId?: string;
  readonly account?: string;
  /** Epoch ms: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
  readonly cursor?: string;
  readonly limit: number;
}

export interface AuditVerdict {
  /** What was found whole: write it down elsewhere, and give it as the anchor next time. */
  readonly head: AuditHead;
  readonly problem: AuditProblem | null;
}

/** Reads the audit log. It is written by appendAudit() only. */
export class AuditStore {
  readonly #db: Kysely<Database>;
  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Written last first. Throws Rejected "bad-cursor" for one that list() did not give. */
  async list(query: AuditQuery): Promise<KeysetPage<AuditRecord>> {
    const size = pageSize(query.limit);
    const [low, high] = divisionRange(query.division);
    const city = divisionLevel(query.division) === "city";
    let rows = this.#db
      .selectFrom("audit")
      .selectAll()
      .where((e) => {
        const within = e.and([e("division", ">=", low), e("division", "<", high)]);
        return city ? e.or([within, e("division", "is", null)]) : within;
      });
    if (query.subject !== undefined) rows = rows.where("subject", "=", query.subject);
    if (query.subjectId !== undefined) rows = rows.where("subject_id", "=", query.subjectId);
    if (query.account !== undefined) rows = rows.where("account", "=", query.account);
    if (query.from !== undefined) rows = rows.where("at", ">=", query.from);
    if (query.to !== undefined) rows = rows.where("at", "<", query.to);
    if (query.cursor !== undefined) rows = rows.where("seq", "<", decodeCursor(query.cursor)[0]);
    const found = await rows
      .orderBy("seq", "desc")
      .limit(size + 1)
      .execute();
    return toPage(found, size, (row) => [row.seq, ""], recordOf);
  }

  /** Reads the whole log and finds whatever was changed, removed, put in or reordered, a tail that was cut off, and a
   *  ticket whose stored state or history is not what was recorded. A running system may go on writing. Who rewrites
   *  the whole log with its head is found only by an anchor that was kept elsewhere. */
  async verify(anchor: AuditHead | null = null): Promise<AuditVerdict> {
    const walk = new AuditWalk(anchor);
    for (;;) {
      const page = await this.#after(walk.last.count);
      for (const row of page) {
        const problem = walk.step(recordOf(row));
        if (problem) return { head: walk.last, problem };
      }
      if (page.length > 0) continue;
      // The head before the last look: whatever it counts has to be found by it.
      const head = await this.#head();
      if ((await this.#after(walk.last.count)).length > 0) continue;
      const problem = walk.end(head) ?? (await checkAuditedTickets(this.#db));
      return { head: walk.last, problem };
    }
  }

  #after(seq: number) {
    return this.#db.selectFrom("audit").selectAll().where("seq", ">", seq).orderBy("seq").limit(LARGEST_PAGE).execute();
  }

  async #head(): Promise<AuditHead> {
    const row = await this.#db
      .selectFrom("audit_head")
      .select(["count", "hash"])
      .where("id", "=", 1)
      .executeTakeFirst();
    return row ?? { count: 0, hash: "" };
  }
}

/** Not checked against the contract: what somebody wrote by hand shall be found by its hash, not by an exception. */
function recordOf({ subject_id, details, ...row }: Selectable<AuditTable>): AuditRecord {
  return { ...row, subjectId: subject_id, details: parsed(details) };
}

function parsed(details: string): AuditRecord["details"] {
  try {
    return AuditRecord.shape.details.parse(JSON.parse(details));
  } catch {
    return { unreadable: details };
  }
}
