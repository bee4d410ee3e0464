import type { Assignment } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { onDuty } from "./duty.ts";
import { createGrid } from "./grid.ts";
import { squareCity } from "./testing.ts";

const lineage = createGrid(squareCity()).lineage("330602001001");
const [village, town, city] = ["330602001001", "330602001", "330600"];
const at = 1000;
const assign = (
  officerId: string,
  division: string,
  role: Assignment["role"] = "primary",
  from = 0,
  to: number | null = null,
): Assignment => ({ officerId, division, role, from, to });

test.each<[string, Assignment[], string | null, string | null]>([
  ["the village's primary comes first", [assign("town", town), assign("a", village)], "a", "assignment-village"],
  ["a deputy steps in while no primary is in term", [assign("d", village, "deputy")], "d", "deputy-village"],
  ["a primary precedes a deputy", [assign("d", village, "deputy"), assign("p", village)], "p", "assignment-village"],
  ["with nobody in the village the town answers", [assign("t", town)], "t", "fallback-town"],
  ["a town's deputy answers before the city", [assign("c", city), assign("t", town, "deputy")], "t", "fallback-town"],
  ["the city answers last", [assign("c", city)], "c", "fallback-city"],
  ["a term begins with its first millisecond", [assign("a", village, "primary", at)], "a", "assignment-village"],
  ["a term has ended with its last", [assign("a", village, "primary", 0, at)], null, null],
  ["a term that has not begun does not count", [assign("a", village, "primary", at + 1)], null, null],
  [
    "of two primaries the one appointed last",
    [assign("a", village), assign("b", village, "primary", 5)],
    "b",
    "assignment-village",
  ],
  ["of two appointed together the lower id", [assign("b", village), assign("a", village)], "a", "assignment-village"],
  ["somebody of another village does not count", [assign("x", "330602001002")], null, null],
])("%s", (_rule, assignments, officerId, reason) => {
  const found = onDuty(assignments, lineage, at);
  expect([found?.officerId ?? null, found?.reason ?? null]).toEqual([officerId, reason]);
});
