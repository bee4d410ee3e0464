import { expect, test } from "vitest";
import { type Village2016, villageCodes } from "./village-codes.ts";

test.each<[string, Village2016[], string[]]>([
  [
    "a village of an unchanged town keeps its code",
    [{ code2016: "330602001005", town: "330602001" }],
    ["330602001005"],
  ],
  ["a moved village keeps its last digits", [{ code2016: "330602003006", town: "330602002" }], ["330602002006"]],
  [
    "who moves yields to who stayed, and gets the next free number",
    [
      { code2016: "330602002006", town: "330602002" },
      { code2016: "330602003006", town: "330602002" },
    ],
    ["330602002006", "330602002001"],
  ],
  [
    "villages stay in the class of villages",
    [
      { code2016: "330602002201", town: "330602002" },
      { code2016: "330602003201", town: "330602002" },
    ],
    ["330602002201", "330602002200"],
  ],
])("%s", (_rule, villages, codes) => {
  const assigned = villageCodes(villages);
  expect(villages.map(({ code2016 }) => assigned.get(code2016))).toEqual(codes);
});
