/** One thing wrong in a seed file, for the person who can correct it. */
export interface SeedProblem {
  readonly file: string;
  /** Line of the row, from 1; null where the file as a whole is meant. */
  readonly line: number | null;
  /** Column or JSON path, "" for the whole row or file. */
  readonly field: string;
  /** As written, cut to 64 characters. */
  readonly value: string;
  readonly message: string;
  readonly remedy: string;
}

/** Problems listed in the message; the rest is counted, so that a file in the wrong encoding does not print 1,000. */
const LISTED = 20;

export class SeedError extends Error {
  readonly problems: readonly SeedProblem[];

  constructor(problems: readonly SeedProblem[]) {
    const more = problems.length > LISTED ? [`… and ${problems.length - LISTED} more`] : [];
    super(
      [`种子文件有误 the seed files have problems:`, ...problems.slice(0, LISTED).map(sentence), ...more].join("\n"),
    );
    this.name = "SeedError";
    this.problems = problems;
  }
}

function sentence({ file, line, field, value, message, remedy }: SeedProblem): string {
  const place = line === null ? file : `${file}:${line}`;
  const what = field === "" ? "" : ` ${field} = ${JSON.stringify(value)}`;
  return `  ${place}${what}: ${message}. ${remedy}`;
}

export const shown = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 64);
