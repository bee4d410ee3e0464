import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { testPolicy } from "./testing.ts";
import { TicketPolicy } from "./ticket-policy.ts";

const seeds = new URL("../../../seeds/", import.meta.url);
const cities = readdirSync(seeds).filter((name) => name !== "standards");

test.each(cities)("the policy of %s is one", (city) => {
  const policy = TicketPolicy.parse(JSON.parse(readFileSync(new URL(`${city}/policy.json`, seeds), "utf8")));
  expect(policy.kinds.local.opens).toBe("ticket");
  expect(policy.kinds.regional.opens).toBe("notice");
});

test.each<[string, object]>([
  ["a limit of zero", { repeatHours: 0 }],
  ["an unknown field", { pageBudget: 3 }],
  ["a severity without limits", { limits: { red: testPolicy().limits.red } }],
  ["a kind without a way", { kinds: { local: testPolicy().kinds.local } }],
  [
    "a receiver, which routing.json names",
    { kinds: { ...testPolicy().kinds, local: { opens: "ticket", to: { level: "village" } } } },
  ],
])("a policy with %s is refused", (_rule, change) => {
  expect(TicketPolicy.safeParse({ ...testPolicy(), ...change }).success).toBe(false);
});
