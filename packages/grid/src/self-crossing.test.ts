import type { Position } from "geojson";
import { expect, test } from "vitest";
import { selfCrossing } from "./self-crossing.ts";

test.each<[string, Position[], boolean]>([
  [
    "a square is sound",
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
    false,
  ],
  [
    "a bow-tie crosses itself",
    [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ],
    true,
  ],
  [
    "a spike runs back over itself",
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [1, 3],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
    true,
  ],
  [
    "touching itself in a corner is no harm",
    [
      [0, 0],
      [2, 0],
      [1, 1],
      [2, 2],
      [0, 2],
      [1, 1],
      [0, 0],
    ],
    false,
  ],
  [
    "a position written twice is no harm",
    [
      [0, 0],
      [1, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 0],
    ],
    false,
  ],
  [
    "a corner on a straight line is no harm",
    [
      [0, 0],
      [1, 0],
      [2, 0],
      [2, 1],
      [0, 1],
      [0, 0],
    ],
    false,
  ],
  [
    "a line has no inside",
    [
      [0, 0],
      [1, 0],
      [0, 0],
      [0, 0],
    ],
    true,
  ],
])("%s", (_rule, ring, crosses) => {
  expect(selfCrossing(ring) !== null).toBe(crosses);
});
