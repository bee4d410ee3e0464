import type { ObservedProperty, Results } from "@hotgrid/contracts";

/** A row of a recording as what the station would have published. */
export interface RecordedReading {
  readonly stationId: string;
  /** Epoch ms. */
  readonly time: number;
  /** In canonical units. */
  readonly results: Results;
  /** WGS-84, where the row says it. */
  readonly place?: { readonly lon: number; readonly lat: number };
}

/** Why a row gives no reading. `nothing-measured` is no fault of the row. */
export const ROW_PROBLEMS = [
  "nothing-measured",
  "wrong-columns",
  "unreadable",
  "bad-time",
  "bad-number",
  "bad-place",
  "bad-station",
] as const;
export type RowProblem = (typeof ROW_PROBLEMS)[number];

export type ParsedRow = RecordedReading | RowProblem;

/** How files of one kind are read. */
export interface Format {
  /** Offset in which the publishing stations write their time, "+08:00". */
  readonly utcOffset: string;
  /** Reads the header; returns the reader of the rows. Throws an Error that names a column that is missing or unknown. */
  rowsOf(header: readonly string[]): (row: readonly string[]) => ParsedRow;
}

/** Positions of the columns. Throws where one is missing. */
export function columnsOf<Name extends string>(
  header: readonly string[],
  names: readonly Name[],
): Record<Name, number> {
  const entries = names.map((name) => [name, header.indexOf(name)] as const);
  const missing = entries.filter(([, at]) => at < 0).map(([name]) => name);
  if (missing.length > 0) throw new Error(`the header has no ${missing.join(", ")}; it is: ${header.join(",")}`);
  return Object.fromEntries(entries) as Record<Name, number>;
}

/** A number, null where nothing was measured ("", NA), NaN where it is neither. */
export function measured(text: string | undefined): number | null {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "" || trimmed === "NA") return null;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Results of a row, or what is wrong with it. `convert` brings the file's unit to the canonical one. */
export function resultsOf(
  row: readonly string[],
  columns: readonly {
    readonly property: ObservedProperty;
    readonly at: number;
    readonly convert?: (x: number) => number;
  }[],
): Results | RowProblem {
  const results: Results = {};
  for (const { property, at, convert } of columns) {
    const value = measured(row[at]);
    if (value === null) continue;
    if (Number.isNaN(value)) return "bad-number";
    results[property] = convert ? convert(value) : value;
  }
  return Object.keys(results).length > 0 ? results : "nothing-measured";
}
