import { expect, test } from "vitest";
import { checkQuietHours } from "./check-quiet-hours.ts";

const night = (from: string, ...severities: string[]) => ({ quietHours: [{ from, to: "07:00", severities }] });

test.each<[string, unknown, unknown, string[]]>([
  ["the same in both is right", night("22:00", "yellow"), night("22:00", "yellow"), []],
  ["more in the clocks is right", night("22:00", "yellow", "orange"), night("22:00", "yellow"), []],
  ["no files, no hours", null, null, []],
  [
    "a severity that is told in the morning, and counted at night",
    night("22:00", "yellow"),
    night("22:00", "yellow", "orange"),
    ["22:00-07:00 orange"],
  ],
  ["hours that differ", night("22:00", "yellow"), night("21:00", "yellow"), ["21:00-07:00 yellow"]],
  ["a policy without any", {}, night("22:00", "yellow"), ["22:00-07:00 yellow"]],
])("quiet hours of notifications and of clocks: %s", (_what, policy, notification, problems) => {
  expect(checkQuietHours(policy, notification).map(({ value }) => value)).toEqual(problems);
});
