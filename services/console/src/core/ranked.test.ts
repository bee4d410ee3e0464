import { expect, test } from "vitest";
import { ranked } from "./ranked.ts";

test.each([
  [
    "the lowest is first",
    [3, 1, 2],
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  ],
  [
    "equal values share a rank, and the next one counts them all",
    [5, 2, 2, 1],
    [
      [1, 1],
      [2, 2],
      [2, 2],
      [5, 4],
    ],
  ],
  [
    "what has no value is last and unranked",
    [null, 7, null],
    [
      [7, 1],
      [null, null],
      [null, null],
    ],
  ],
  ["nothing is nothing", [], []],
] as const)("%s", (_rule, values, rows) => {
  const found = ranked(
    values.map((value) => ({ value })),
    ({ value }) => value,
  );
  expect(found.map(({ value, rank }) => [value, rank])).toEqual(rows);
});
