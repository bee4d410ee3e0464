import { expect, test } from "vitest";
import { divisionTree, pathTo } from "./use-division-tree.ts";

const divisions = [
  { code: "330602002", name: "府山街道", parent: "330602" },
  { code: "330600", name: "绍兴市", parent: null },
  { code: "330602", name: "越城区", parent: "330600" },
  { code: "330602001", name: "塔山街道", parent: "330602" },
];

test("what is below a division hangs below it, in the order of the codes", () => {
  expect(divisionTree(divisions, "330602")).toEqual([
    {
      value: "330602",
      label: "越城区",
      children: [
        { value: "330602001", label: "塔山街道" },
        { value: "330602002", label: "府山街道" },
      ],
    },
  ]);
});

test("the way down to a division names all that lie above it; to none it is empty", () => {
  const tree = divisionTree(divisions, "330600");
  expect(pathTo(tree, "330602002")).toEqual(["330600", "330602", "330602002"]);
  expect(pathTo(tree, "330699")).toEqual([]);
});
