import type { Assignment, Leave } from "@hotgrid/contracts";
import { describe, expect, test } from "vitest";
import { createDuty } from "./duty.ts";
import { ask, assign, at, city, county, leave, lineage, plan, town, village } from "./testing-duty.ts";

describe("standing assignments", () => {
  test.each<[string, Assignment[], string | null, string]>([
    ["the village's primary comes first", [assign("town", town), assign("a", village)], "a", "assignment-village"],
    ["a deputy steps in while no primary is in term", [assign("d", village, "deputy")], "d", "deputy-village"],
    ["a primary precedes a deputy", [assign("d", village, "deputy"), assign("p", village)], "p", "assignment-village"],
    ["with nobody in the village the town answers", [assign("t", town)], "t", "fallback-town"],
    ["a town's deputy answers before the city", [assign("c", city), assign("t", town, "deputy")], "t", "fallback-town"],
    ["the city answers last", [assign("c", city)], "c", "fallback-city"],
    ["a term begins with its first millisecond", [assign("a", village, "primary", at)], "a", "assignment-village"],
    ["a term has ended with its last", [assign("a", village, "primary", 0, at)], null, "nobody-in-term"],
    ["a term that has not begun does not count", [assign("a", village, "primary", at + 1)], null, "nobody-in-term"],
    [
      "of two primaries the one appointed last",
      [assign("a", village), assign("b", village, "primary", 5)],
      "b",
      "assignment-village",
    ],
    ["of two appointed together the lower id", [assign("b", village), assign("a", village)], "a", "assignment-village"],
    ["somebody of another village does not count", [assign("x", "330602001002")], null, "nobody-in-term"],
    ["a department is on duty for no place", [assign("v", city, "department")], null, "nobody-in-term"],
    ["a maintenance vendor gets no pollution", [assign("v", city, "maintenance")], null, "nobody-in-term"],
  ])("%s", (_rule, assignments, officerId, reason) => {
    expect(ask({ assignments })).toEqual([officerId, reason]);
  });
});

describe("leave and substitutes", () => {
  const assignments = [assign("v", village), assign("d", village, "deputy"), assign("t", town)];
  test.each<[string, Leave[], (string | null)[]]>([
    ["a substitute stands in", [leave("v", "s")], ["s", "assignment-village-substitute"]],
    ["without one the deputy", [leave("v")], ["d", "deputy-village"]],
    [
      "a substitute who is away has his own",
      [leave("v", "s"), leave("s", "u")],
      ["u", "assignment-village-substitute"],
    ],
    ["or else the deputy", [leave("v", "s"), leave("s")], ["d", "deputy-village"]],
    ["two who stand in for each other are away", [leave("v", "d"), leave("d", "v")], ["t", "fallback-town"]],
    ["with all away nobody is asked", ["v", "d", "t"].map((id) => leave(id)), [null, "everybody-away"]],
    ["a leave has ended with its last moment", [leave("v", "s", 0, at)], ["v", "assignment-village"]],
    ["a leave begins with its first", [leave("v", "s", at)], ["s", "assignment-village-substitute"]],
  ])("%s", (_rule, leaves, expected) => {
    expect(ask({ assignments, leaves })).toEqual(expected);
  });
});

describe("the maintenance vendor", () => {
  const vendors = [assign("far", city, "maintenance"), assign("near", county, "maintenance", 0, at)];
  test("nearest above the place, while the contract lasts", () => {
    const duty = createDuty(plan({ assignments: vendors }));
    expect(duty.vendor(lineage, at - 1)).toMatchObject({ officerId: "near", reason: "maintenance-vendor" });
    expect(duty.vendor(lineage, at)).toMatchObject({ officerId: "far", division: city });
    expect(createDuty(plan({})).vendor(lineage, at)).toBeNull();
  });
});
