import type { CalendarDay, DivisionCode, DutyShift, Leave, RoutingTree } from "@hotgrid/contracts";
import { complain, repeated } from "./check-seed-references.ts";
import type { SeedRow } from "./seed-csv.ts";
import type { SeedProblem } from "./seed-problem.ts";

export interface RosterTables {
  readonly shifts: readonly SeedRow<DutyShift>[];
  readonly leaves: readonly SeedRow<Leave>[];
  readonly calendar: readonly SeedRow<CalendarDay>[];
  readonly routing: RoutingTree | null;
}

const OFFICER = "先在 officers.csv 中登记 Add the officer to officers.csv.";
const DIVISION = "先在 divisions.csv 中登记 Add it to divisions.csv or correct the code.";
const TERM = "更正起止时间 Correct the term.";

/** Officers and divisions exist, terms end after they begin, no day is told twice. */
export function checkRosters(
  { shifts, leaves, calendar, routing }: RosterTables,
  divisions: ReadonlySet<DivisionCode>,
  officers: ReadonlySet<string>,
): SeedProblem[] {
  const noOfficer = (id: string) => (officers.has(id) ? null : ([id, "unknown officer", OFFICER] as const));
  const noDivision = (code: string) => (divisions.has(code) ? null : ([code, "unknown division", DIVISION] as const));
  const noTerm = ({ from, to }: { from: number; to: number | null }) =>
    to === null || from < to ? null : ([new Date(to).toISOString(), "ends before it begins", TERM] as const);
  const routed = (routing?.routes ?? []).flatMap((route) => [route, ...("routes" in route ? route.routes : [])]);
  return [
    ...complain("shifts.csv", "division", shifts, ({ division }) => noDivision(division)),
    ...complain("shifts.csv", "officerId", shifts, ({ officerId }) => noOfficer(officerId)),
    ...complain("shifts.csv", "to", shifts, noTerm),
    ...complain("leaves.csv", "officerId", leaves, ({ officerId }) => noOfficer(officerId)),
    ...complain("leaves.csv", "substituteId", leaves, ({ substituteId }) =>
      substituteId === null ? null : noOfficer(substituteId),
    ),
    ...complain("leaves.csv", "to", leaves, noTerm),
    ...complain("calendar.csv", "division", calendar, ({ division }) => noDivision(division)),
    ...repeated("calendar.csv", "date", calendar, ({ division, date }) => `${date} ${division}`),
    ...routed.flatMap(({ name, when }) =>
      (when.divisions ?? [])
        .filter((code) => !divisions.has(code))
        .map((code) => ({
          ...{ file: "routing.json", line: null, field: `${name}.when.divisions`, value: code },
          ...{ message: "unknown division", remedy: DIVISION },
        })),
    ),
  ];
}
