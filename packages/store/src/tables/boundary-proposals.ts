/** Table of migrations 008 and 014. */
export interface BoundaryProposalTables {
  boundary_proposals: BoundaryProposalsTable;
}

/** Somebody returned a ticket as not of his or her area: the boundaries, or who is responsible there, may be wrong. */
export interface BoundaryProposalsTable {
  /** Ticket and revision: the return that proposed it. */
  id: string;
  ticket_id: string;
  /** Epoch ms UTC. */
  at: number;
  account_id: string;
  /** For which division the ticket was held. */
  division: string;
  /** To which it belongs, where that was said. */
  belongs_to: string | null;
  /** The ticket's place, WGS-84, and its 500 m cell. */
  lon: number;
  lat: number;
  cell: string;
  note: string;
  /** When somebody had dealt with it; null: open. */
  settled_at: number | null;
  /** Null while open, and for what was settled before it was written down. */
  outcome: "accepted" | "refused" | null;
  /** Account that settled it. */
  settled_by: string | null;
  settled_note: string | null;
}
