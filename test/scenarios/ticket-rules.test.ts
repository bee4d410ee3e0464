import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { ROOT, temporaryFolder } from "../harness/embedded.ts";
import { CLOCK_RULES } from "./ticket-rules/clock-rules.ts";
import { NOTIFICATION_RULES } from "./ticket-rules/notification-rules.ts";
import { play } from "./ticket-rules/play.ts";
import { ROUTING_RULES } from "./ticket-rules/routing-rules.ts";

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/** Every rule of notification, clocks and routing, from the episode to the message: what happens at which times, and what
 *  is told then, to whom. The tables are in ticket-rules/. */
describe.each([
  ["notification", NOTIFICATION_RULES],
  ["clocks", CLOCK_RULES],
  ["routing", ROUTING_RULES],
] as const)("%s", (_table, rules) => {
  test.each(rules.map((scenario) => [scenario.rule, scenario] as const))("%s", async (_rule, scenario) => {
    const folder = temporaryFolder();
    cleanups.push(folder.remove);
    const notification = JSON.parse(await readFile(join(ROOT, "seeds/shaoxing/notification.json"), "utf8"));
    const told = await play(scenario, folder.path, notification);
    expect(told.toSorted()).toEqual(scenario.told.toSorted());
  });
});
