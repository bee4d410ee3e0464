import { type ParseArgsConfig, parseArgs } from "node:util";

/** One command of `npm run hotgrid -- …`. */
export interface Command {
  /** Its words, e.g. "stations list". */
  readonly name: string;
  readonly summary: { readonly zh: string; readonly en: string };
  /** What follows the words, for the help: "LON LAT", "FILE [--crs GCJ-02|WGS-84]". */
  readonly usage: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  run(call: Call): Promise<Answer>;
}

export interface Call {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly dataDir: string;
  readonly seedsDir: string;
}

interface Answer {
  /** For `--json`. */
  readonly json: unknown;
  /** For people. */
  readonly text: string;
  /** Exit code: 0 good, 1 the answer is bad news (a hole, an invalid file). */
  readonly code: 0 | 1;
}

/** The call was wrong: exit code 2, with the command's usage. */
export class UsageError extends Error {}

export function parseCall(command: Command, words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        ...command.options,
        data: { type: "string" },
        seeds: { type: "string" },
        real: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Reads a required positional. */
export function positional(call: Call, index: number, name: string): string {
  const value = call.positionals[index];
  if (value === undefined) throw new UsageError(`${name} is missing`);
  return value;
}

export function text(call: Call, name: string): string | undefined {
  const value = call.values[name];
  return typeof value === "string" ? value : undefined;
}
