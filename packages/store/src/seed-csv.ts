import { CsvError, parse } from "csv-parse/sync";
import type { z } from "zod";
import { type SeedProblem, shown } from "./seed-problem.ts";

/** A decoded row with the line on which it stands. */
export interface SeedRow<T> {
  readonly line: number;
  readonly value: T;
}

interface Parsed {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

/** Decodes a CSV with a header. Rows that don't fit are reported and left out.
 *  @param remedies what to do about a wrong field, by column */
export function parseSeedCsv<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  remedies: Readonly<Record<string, string>>,
  problems: SeedProblem[],
): SeedRow<T>[] {
  const rows: SeedRow<T>[] = [];
  for (const { record, info } of records(file, text, problems)) {
    const decoded = schema.safeParse(record);
    if (decoded.success) rows.push({ line: info.lines, value: decoded.data });
    else
      for (const issue of decoded.error.issues) {
        const field = String(issue.path[0] ?? "");
        const value = shown(record[field] ?? "");
        const remedy = remedies[field] ?? "更正此行 Correct the row.";
        problems.push({ file, line: info.lines, field, value, message: issue.message, remedy });
      }
  }
  return rows;
}

function records(file: string, text: string, problems: SeedProblem[]): Parsed[] {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true, info: true }) as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error["lines"] === "number" ? error["lines"] : null;
    const remedy = "按逗号分隔、UTF-8 编码保存 Save it as comma-separated UTF-8 with one header line.";
    problems.push({ file, line, field: "", value: "", message: error.message, remedy });
    return [];
  }
}
