import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { DemoClock } from "@hotgrid/runtime";
import { z } from "zod";

const Saved = z.strictObject({ at: z.int() });

/** Wall pause between two saves, ms: after kill -9 the demo's clock goes back by no more than this times the speed,
 *  and readings that it already made count as duplicates. Ours. */
const SAVE_EVERY_MS = 2_000;

/** Demo time at which a restarted demo goes on, or null for a new one. */
export function savedDemoTime(file: string): number | null {
  return existsSync(file) ? Saved.parse(JSON.parse(readFileSync(file, "utf8"))).at : null;
}

/** Saves the clock's time every few seconds and at the end. Returns the function that stops it. */
export function keepDemoTime(file: string, clock: DemoClock): () => void {
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify({ at: clock.now() }));
    renameSync(`${file}.new`, file);
  };
  save();
  const timer = setInterval(save, SAVE_EVERY_MS);
  return () => {
    clearInterval(timer);
    save();
  };
}
