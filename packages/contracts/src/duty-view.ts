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

const Span = z.strictObject({ from: IsoTime, to: IsoTime });
const Remedy = z.strictObject({ zh: z.string(), en: z.string() });

/** GET /duty/coverage: whether every cell and station of the account's division has somebody in term at each level, and
 *  somebody to be asked, at every moment of the next 30 days; and where and when not. */
export const CoverageView = z.strictObject({
  ...Span.shape,
  division: DivisionCode,
  /** What was looked at. */
  checked: z.strictObject({ divisions: z.int(), fineCells: z.int(), coarseCells: z.int(), stations: z.int() }),
  holes: z.array(
    z.strictObject({
      reason: z.enum(["no-officer", "nobody-asked", "station-outside-city"]),
      /** Null: the place belongs to no division. */
      division: DivisionCode.nullable(),
      level: DivisionLevel,
      /** From the city down; of a station outside, its name. */
      names: z.array(z.string()),
      /** How many 500 m cells and stations are concerned. */
      cells: z.int(),
      stations: z.int(),
      spans: z.array(Span),
      remedy: Remedy,
    }),
  ),
  /** Somebody is found all the same, but it is worth a correction. */
  warnings: z.array(
    z.strictObject({
      kind: z.enum(["gap", "overlap", "station-division", "away", "unknown-year"]),
      division: DivisionCode.nullable(),
      spans: z.array(Span),
      remedy: Remedy,
    }),
  ),
});
export type CoverageView = z.infer<typeof CoverageView>;

/** GET /cells/{id}/duty?at= : who is on duty in each village of a hotspot cell, for 30 days from a moment on. */
export const CellDutyView = z.strictObject({
  cell: z.string(),
  ...Span.shape,
  villages: z.array(
    z.strictObject({
      division: DivisionCode,
      divisionNames: z.array(z.string()),
      /** Without a gap; the first is the one at that moment. */
      spans: z.array(Finding.extend(Span.shape)),
    }),
  ),
});
export type CellDutyView = z.infer<typeof CellDutyView>;
