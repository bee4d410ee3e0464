import type { DivisionCode } from "@hotgrid/contracts";
import type { Kysely, Selectable } from "kysely";
import { type Actor, appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { divisionRange } from "./division-range.ts";
import type { BoundaryProposalsTable } from "./tables/boundary-proposals.ts";

/** Proposals shown at once. Ours. */
const LISTED = 500;

export interface BoundaryProposal {
  readonly id: string;
  readonly ticketId: string;
  /** Epoch ms UTC. */
  readonly at: number;
  readonly accountId: string;
  readonly division: DivisionCode;
  readonly belongsTo: DivisionCode | null;
  readonly lon: number;
  readonly lat: number;
  readonly cell: string;
  readonly note: string;
}

/** What became of one: accepted (the boundary is to be corrected, by `hotgrid grid import`) or refused. */
export type BoundaryOutcome = "accepted" | "refused";

export interface SettledProposal extends BoundaryProposal {
  /** Epoch ms UTC; null: open. */
  readonly settledAt: number | null;
  readonly outcome: BoundaryOutcome | null;
  /** Account id. */
  readonly settledBy: string | null;
  readonly settledNote: string;
}

export interface Settlement {
  readonly outcome: BoundaryOutcome;
  readonly note: string;
  readonly actor: Actor;
  /** Epoch ms UTC. */
  readonly at: number;
}

/** Tickets that were returned as not of somebody's area, until somebody has corrected the boundaries or said no. */
export class BoundaryProposalStore {
  readonly #db: Kysely<Database>;
  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What a return proposes; once for each. Within its transaction, where one is given to the constructor. */
  async put({ ticketId, accountId, belongsTo, ...rest }: BoundaryProposal): Promise<void> {
    const open = { settled_at: null, outcome: null, settled_by: null, settled_note: null };
    await this.#db
      .insertInto("boundary_proposals")
      .values({ ...rest, ...open, ticket_id: ticketId, account_id: accountId, belongs_to: belongsTo })
      .onConflict((oc) => oc.doNothing())
      .execute();
  }

  /** Open ones by division, the newest 500. */
  async open(): Promise<readonly BoundaryProposal[]> {
    const rows = await this.#db
      .selectFrom("boundary_proposals")
      .selectAll()
      .where("settled_at", "is", null)
      .orderBy("at", "desc")
      .limit(LISTED)
      .execute();
    return rows
      .map((row) => proposalOf(row))
      .toSorted((a, b) => (a.division < b.division ? -1 : a.division > b.division ? 1 : b.at - a.at));
  }

  /** Those that touch a division or what is below it, open ones or settled ones, the newest 500. */
  async touching(division: DivisionCode, settled: boolean): Promise<readonly SettledProposal[]> {
    const [low, high] = divisionRange(division);
    const rows = await this.#db
      .selectFrom("boundary_proposals")
      .selectAll()
      .where("settled_at", settled ? "is not" : "is", null)
      .where((e) =>
        e.or([
          e.and([e("division", ">=", low), e("division", "<", high)]),
          e.and([e("belongs_to", ">=", low), e("belongs_to", "<", high)]),
        ]),
      )
      .orderBy("at", "desc")
      .limit(LISTED)
      .execute();
    return rows.map(settledOf);
  }

  async find(id: string): Promise<SettledProposal | undefined> {
    const row = await this.#db.selectFrom("boundary_proposals").selectAll().where("id", "=", id).executeTakeFirst();
    return row && settledOf(row);
  }

  /** Once, with its record in the audit log. False where there is no such open proposal. */
  async settle(id: string, { outcome, note, actor, at }: Settlement): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const row = await trx
        .updateTable("boundary_proposals")
        .set({ settled_at: at, outcome, settled_by: actor.account, settled_note: note })
        .where("id", "=", id)
        .where("settled_at", "is", null)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return false;
      const details = { ticketId: row.ticket_id, belongsTo: row.belongs_to, cell: row.cell, note };
      const subject = { subject: "boundary", subjectId: id, division: row.division } as const;
      await appendAudit(trx, { at, actor, ...subject, action: outcome, details });
      return true;
    });
  }
}

const proposalOf = (row: Selectable<BoundaryProposalsTable>): BoundaryProposal => ({
  ...{ id: row.id, ticketId: row.ticket_id, at: row.at, accountId: row.account_id, division: row.division },
  ...{ belongsTo: row.belongs_to, lon: row.lon, lat: row.lat, cell: row.cell, note: row.note },
});

const settledOf = (row: Selectable<BoundaryProposalsTable>): SettledProposal => ({
  ...proposalOf(row),
  ...{ settledAt: row.settled_at, outcome: row.outcome },
  ...{ settledBy: row.settled_by, settledNote: row.settled_note ?? "" },
});
