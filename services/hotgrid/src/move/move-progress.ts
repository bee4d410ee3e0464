import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { z } from "zod";

/** How far a move to the distributed stores is: a file of the data directory. */
const Progress = z.strictObject({
  /** Known to the target's tables. */
  id: z.string(),
  /** Servers and databases, without secrets: a move is not taken up towards others. */
  target: z.string(),
  readings: z.strictObject({ stations: z.int(), points: z.int() }).nullable(),
  /** Last position of each stream when its move began; null before. */
  log: z.record(z.string(), z.int()).nullable(),
  done: z.boolean(),
});
export type Progress = z.infer<typeof Progress>;

export class MoveProgress {
  readonly #file: string;
  #now: Progress;

  private constructor(file: string, now: Progress) {
    this.#file = file;
    this.#now = now;
  }

  /** Takes up what the file tells, or begins. Throws where it is about another target. */
  static open(file: string, target: string): MoveProgress {
    if (!existsSync(file)) {
      const begun = { id: randomUUID(), target, readings: null, log: null, done: false };
      const progress = new MoveProgress(file, begun);
      progress.note({});
      return progress;
    }
    const found = Progress.parse(JSON.parse(readFileSync(file, "utf8")));
    if (found.target === target) return new MoveProgress(file, found);
    throw new Error(
      `已开始向另一目标迁移 · a move to ${found.target} has begun: give the same servers, or remove ${file} and begin anew with empty ones`,
    );
  }

  get now(): Progress {
    return this.#now;
  }

  note(change: Partial<Progress>): void {
    this.#now = { ...this.#now, ...change };
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(this.#now, null, 1)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
