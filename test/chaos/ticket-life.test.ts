import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ROOT, temporaryFolder } from "../harness/embedded.ts";
import { randomPlans } from "./ticket-life/kill-plans.ts";
import { liveThrough } from "./ticket-life/live-through.ts";
import { outcomeOf } from "./ticket-life/outcome.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Every commit, from either side, takes some minutes: node test/chaos/ticket-life-main.ts --every. */
test("a ticket's life is the same however often its processes are killed at a commit: nothing lost, nothing doubled", async () => {
  const folder = temporaryFolder();
  cleanups.push(folder.remove);
  const rules = JSON.parse(await readFile(join(ROOT, "seeds/shaoxing/notification.json"), "utf8"));
  const whole = await liveThrough(join(folder.path, "whole"), rules, () => null);
  const { repeated: never, ...expected } = await outcomeOf(whole.folder);
  expect(never).toBe(0);
  expect(expected.audit).toBe("whole");
  expect(expected.log.length).toBeGreaterThan(30);
  expect(new Set(expected.log).size).toBe(expected.log.length);

  const killed = await liveThrough(join(folder.path, "killed"), rules, randomPlans(1, 14));
  expect(killed.kills).toBeGreaterThan(10);
  const { repeated: _again, ...outcome } = await outcomeOf(killed.folder);
  expect(outcome).toEqual(expected);
}, 600_000);
