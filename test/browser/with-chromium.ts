import { beforeAll, test } from "vitest";
import { chromiumIsThere } from "./chromium.ts";

/** Of a whole test, and of what stands before one, ms: bounds what hangs, not what is slow. A page that draws its map
 *  without a graphics card takes ten times as long on a busy machine. */
export const BOUND_MS = 300_000;

/** A test that skips, saying so, where Chromium is not installed. */
export const withChromium = (name: string, run: () => Promise<void>, boundMs = BOUND_MS): void =>
  test.skipIf(!chromiumIsThere)(name, run, boundMs);

/** What stands before such tests. */
export const beforeChromium = (setUp: () => Promise<void>): void =>
  beforeAll(async () => {
    if (chromiumIsThere) await setUp();
  }, BOUND_MS);
