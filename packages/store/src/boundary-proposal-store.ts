import type { DivisionCode } from "@hotgrid/contracts";
import type { Kysely } from "kysely";
import type { Database } from "./database.ts";

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

/** Tickets that were returned as not of somebody's area, until somebody has corrected the boundaries or said no. */
export class BoundaryProposalStore {
  readonly #db: Kysely<Database>;
  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** What a return proposes; once for each. Within its transaction, where one is given to the constructor. */
  async put({ ticketId, accountId, belongsTo, ...rest }: BoundaryProposal): Promise<void> {
    await this.#db
      .insertInto("boundary_proposals")
      .values({ ...rest, ticket_id: ticketId, account_id: accountId, belongs_to: belongsTo, settled_at: null })
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
      .map(({ ticket_id, account_id, belongs_to, settled_at: _, ...row }) => ({
        ...{ ...row, ticketId: ticket_id },
        ...{ accountId: account_id, belongsTo: belongs_to },
      }))
      .toSorted((a, b) => (a.division < b.division ? -1 : a.division > b.division ? 1 : b.at - a.at));
  }

  /** False where there is no such open proposal. */
  async settle(id: string, at: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable("boundary_proposals")
      .set({ settled_at: at })
      .where("id", "=", id)
      .where("settled_at", "is", null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }
}
