import { z } from "zod";
import { IsoTime } from "./api.ts";
import { DivisionCode } from "./identifiers.ts";

/** accepted: the boundary is to be corrected, by the next import of boundaries. */
export const BoundaryOutcome = z.enum(["accepted", "refused"]);

/** GET /boundary-proposals?settled= : a ticket that was returned as not of the holder's area. */
export const BoundaryProposalView = z.strictObject({
  id: z.string(),
  ticketId: z.string(),
  at: IsoTime,
  /** Account that returned it, and its name ("" where it is no longer known). */
  accountId: z.string(),
  accountName: z.string(),
  /** For which division the ticket was held, and to which it belongs where that was said. */
  division: DivisionCode,
  divisionNames: z.array(z.string()),
  belongsTo: DivisionCode.nullable(),
  belongsToNames: z.array(z.string()),
  lon: z.number(),
  lat: z.number(),
  cell: z.string(),
  note: z.string(),
  /** This account may settle it: it is answerable for both sides. */
  maySettle: z.boolean(),
  settledAt: IsoTime.nullable(),
  outcome: BoundaryOutcome.nullable(),
  settledBy: z.string().nullable(),
  settledNote: z.string(),
});
export type BoundaryProposalView = z.infer<typeof BoundaryProposalView>;

/** POST /boundary-proposals/{id}/settle. */
export const BoundarySettlement = z.strictObject({
  outcome: BoundaryOutcome,
  note: z.string().trim().min(2).max(500),
});
