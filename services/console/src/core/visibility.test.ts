import type { Account } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { seesDivision, visiblePart } from "./visibility.ts";

const account = (division: string): Account => ({ id: "a", name: "a", role: "supervisor", division, officerId: null });

test.each([
  ["the city sees every village", "330600", "330602001001", true],
  ["a county sees its villages", "330602", "330602001001", true],
  ["a county does not see its neighbour's", "330602", "330603001001", false],
  ["a county does not see the city as such", "330602", "330600", false],
  ["a village sees itself", "330602001001", "330602001001", true],
  ["a village does not see the town above it", "330602001001", "330602001", false],
  ["another city sees nothing here", "330500", "330602001001", false],
])("%s", (_rule, own, place, sees) => {
  expect(seesDivision(account(own), place)).toBe(sees);
});

test.each([
  ["nothing asked is all that one may see", "330602", undefined, "330602"],
  ["the city asked is cut to the own county", "330602", "330600", "330602"],
  ["a town of the own county is given as asked", "330602", "330602001", "330602001"],
  ["another county is nothing", "330602", "330603", null],
])("%s", (_rule, own, asked, part) => {
  expect(visiblePart(account(own), asked)).toBe(part);
});
