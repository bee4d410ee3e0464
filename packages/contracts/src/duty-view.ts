import { z } from "zod";
import { Assignment, Officer } from "./account.ts";
import { IsoTime } from "./api.ts";
import { DivisionCode, DivisionLevel } from "./identifiers.ts";

/** Who has a duty and why; `reason` as on tickets, e.g. "shift-town", "assignment-village-substitute". */
const Finding = z.strictObject({
  /** Null: nobody. */
  officer: Officer.nullable(),
  role: z.enum([...Assignment.shape.role.options, "shift"]).nullable(),
  reason: z.string(),
  /** Who is away, where a substitute stands in. */
  standsInFor: Officer.nullable(),
});

/** GET /duty?division=&at= : who is on duty for a place at a moment, past or to come, level by level; and the week from
 *  then on for the place itself. */
export const DutyView = z.strictObject({
  division: DivisionCode,
  divisionNames: z.array(z.string()),
  at: IsoTime,
  /** From the city down to the place. */
  levels: z.array(Finding.extend({ division: DivisionCode, name: z.string(), level: DivisionLevel })),
  /** Who looks after the devices there. */
  vendor: Officer.nullable(),
  spans: z.array(Finding.extend({ from: IsoTime, to: IsoTime })),
  /** Leave, within that week, of who is responsible for the place or a division above it. */
  leaves: z.array(z.strictObject({ officer: Officer, from: IsoTime, to: IsoTime, substitute: Officer.nullable() })),
});
export type DutyView = z.infer<typeof DutyView>;
