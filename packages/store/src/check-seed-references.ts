import type { Assignment, DivisionCode, Officer, Station } from "@hotgrid/contracts";
import type { SeedArea } from "./seed-areas.ts";
import type { SeedRow } from "./seed-csv.ts";
import type { SeedProblem } from "./seed-problem.ts";
import type { DivisionRow } from "./seed-rows.ts";

export interface SeedTables {
  readonly divisions: readonly SeedRow<DivisionRow>[];
  readonly stations: readonly SeedRow<Station>[];
  readonly officers: readonly SeedRow<Officer>[];
  readonly assignments: readonly SeedRow<Assignment>[];
}

/** What one row can't know of itself: whatever it names exists, once. */
export function checkReferences(
  city: DivisionCode,
  { divisions, stations, officers, assignments }: SeedTables,
  areas: ReadonlyMap<DivisionCode, SeedArea>,
): SeedProblem[] {
  const codes = new Set(divisions.map(({ value }) => value.code));
  const officerIds = new Set(officers.map(({ value }) => value.id));
  const known = (code: string): boolean => codes.has(code);
  const division = "先在 divisions.csv 中登记 Add it to divisions.csv or correct the code.";
  return [
    ...repeated("divisions.csv", "code", divisions, ({ code }) => code),
    ...repeated("stations.csv", "id", stations, ({ id }) => id),
    ...repeated("officers.csv", "id", officers, ({ id }) => id),
    ...complain("divisions.csv", "parent", divisions, ({ parent, code }) => {
      if (code === city || known(parent)) return null;
      return [parent, parent === "" ? `city.json says that the city is ${city}` : "unknown division", division];
    }),
    ...complain("divisions.csv", "code", divisions, ({ code }) =>
      areas.has(code) ? null : [code, "no area in areas.geojson", "用 hotgrid grid import 补上 Import its boundary."],
    ),
    ...complain("stations.csv", "division", stations, (row) =>
      known(row.division) ? null : [row.division, "unknown division", division],
    ),
    ...complain("assignments.csv", "division", assignments, (row) =>
      known(row.division) ? null : [row.division, "unknown division", division],
    ),
    ...complain("assignments.csv", "officerId", assignments, ({ officerId }) =>
      officerIds.has(officerId)
        ? null
        : [officerId, "unknown officer", "先在 officers.csv 中登记 Add the officer to officers.csv."],
    ),
    ...complain("assignments.csv", "to", assignments, ({ from, to }) =>
      to === null || from < to
        ? null
        : [new Date(to).toISOString(), "the term ends before it begins", "更正任期 Correct the term."],
    ),
    ...[...areas.keys()]
      .filter((code) => !known(code))
      .map((code) => ({
        file: "areas.geojson",
        line: null,
        field: "code",
        value: code,
        message: "unknown division",
        remedy: division,
      })),
    ...(known(city)
      ? []
      : [{ file: "city.json", line: null, field: "code", value: city, message: "unknown division", remedy: division }]),
  ];
}

export function complain<T>(
  file: string,
  field: string,
  rows: readonly SeedRow<T>[],
  judge: (row: T) => readonly [value: string, message: string, remedy: string] | null,
): SeedProblem[] {
  return rows.flatMap(({ line, value: row }) => {
    const verdict = judge(row);
    if (verdict === null) return [];
    const [value, message, remedy] = verdict;
    return [{ file, line, field, value, message, remedy }];
  });
}

export function repeated<T>(
  file: string,
  field: string,
  rows: readonly SeedRow<T>[],
  key: (row: T) => string,
): SeedProblem[] {
  const first = new Map<string, number>();
  return rows.flatMap(({ line, value }) => {
    const before = first.get(key(value));
    first.set(key(value), before ?? line);
    if (before === undefined) return [];
    const remedy = "删除或改正其中一行 Remove or correct one of the rows.";
    return [{ file, line, field, value: key(value), message: `already on line ${before}`, remedy }];
  });
}
