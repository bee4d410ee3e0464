import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { parseSeedCsv, type SeedRow } from "./seed-csv.ts";
import { type SeedProblem, shown } from "./seed-problem.ts";

/** Bytes of one seed file. Ours: surveyed boundaries of a large city take some 50 MB. */
const FILE_LIMIT_BYTES = 256 * 1024 * 1024;

/** The files of a seed directory; what is wrong with them gathers in `problems`. */
export class SeedFiles {
  readonly problems: SeedProblem[] = [];
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async table<T>(
    name: string,
    schema: z.ZodType<T>,
    remedies: Readonly<Record<string, string>>,
  ): Promise<SeedRow<T>[]> {
    const text = await this.#required(name);
    return text === null ? [] : parseSeedCsv(name, text, schema, remedies, this.problems);
  }

  /** No rows where the file is missing. */
  async tableIfThere<T>(
    name: string,
    schema: z.ZodType<T>,
    remedies: Readonly<Record<string, string>>,
  ): Promise<SeedRow<T>[]> {
    const text = await this.#read(join(this.#directory, name), name);
    return text === null ? [] : parseSeedCsv(name, text, schema, remedies, this.problems);
  }

  /** Null where it is missing or no JSON, which then is a problem. */
  async json(name: string): Promise<unknown> {
    return this.#parse(name, await this.#required(name));
  }

  async jsonIfThere(name: string): Promise<unknown> {
    return this.otherIfThere(this.#directory, name);
  }

  async otherIfThere(directory: string, name: string): Promise<unknown> {
    return this.#parse(name, await this.#read(join(directory, name), name));
  }

  async #required(name: string): Promise<string | null> {
    const path = join(this.#directory, name);
    const text = await this.#read(path, name);
    if (text === null && !this.problems.some(({ file }) => file === name))
      this.#report(name, "缺少文件 the file is missing", `放入 ${path} Put the file there.`);
    return text;
  }

  async #read(path: string, name: string): Promise<string | null> {
    try {
      const { size } = await stat(path);
      if (size <= FILE_LIMIT_BYTES) return await readFile(path, "utf8");
      this.#report(name, `${size} bytes, the limit is ${FILE_LIMIT_BYTES}`, "精简后再试 Make the file smaller.");
      return null;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
  }

  #parse(name: string, text: string | null): unknown {
    if (text === null) return null;
    try {
      return JSON.parse(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#report(name, error.message, "更正 JSON Correct the JSON.", shown(text));
      return null;
    }
  }

  #report(file: string, message: string, remedy: string, value = ""): void {
    this.problems.push({ file, line: null, field: "", value, message, remedy });
  }
}
