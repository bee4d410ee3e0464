import { type DivisionCode, divisionLevel, parentDivision } from "@hotgrid/contracts";
import type { Polygon } from "geojson";
import type { Division } from "./division.ts";
import type { GridInput } from "./grid.ts";

const WIDTH = 0.02;
const [WEST, SOUTH] = [120, 30];

export const box = (west: number, south: number, east: number, north: number): Polygon => ({
  type: "Polygon",
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
});

const VILLAGES: readonly DivisionCode[] = [
  "330602001001",
  "330602001002",
  "330602002001",
  "330602002002",
  "330603001001",
  "330603001002",
  "330603002001",
  "330603002002",
];

/** A city to test with: eight square villages side by side from 120° E to the east, two in each of four towns, two
 *  towns in each of two counties. Village number n (from 0) spans 120 + 0.02 n to 120 + 0.02 (n + 1) °E and 30 to
 *  30.02 °N. */
export function squareCity(): GridInput {
  const codes = ["330600", ...new Set(VILLAGES.flatMap((code) => [code.slice(0, 6), code.slice(0, 9), code]))];
  const spans = new Map(codes.map((code) => [code, spanOf(code)]));
  const divisions = codes.map((code): Division => {
    const [west, east] = spans.get(code) ?? [WEST, WEST];
    const place = { lon: (west + east) / 2, lat: SOUTH + WIDTH / 2 };
    return {
      code,
      name: `区划${code}`,
      level: divisionLevel(code),
      parent: parentDivision(code),
      approximate: true,
      ...place,
    };
  });
  const areas = new Map([...spans].map(([code, [west, east]]) => [code, box(west, SOUTH, east, SOUTH + WIDTH)]));
  return { city: "330600", divisions, areas };
}

function spanOf(code: DivisionCode): readonly [west: number, east: number] {
  const within = VILLAGES.flatMap((village, index) => (village.startsWith(code) || code === "330600" ? [index] : []));
  return [WEST + WIDTH * Math.min(...within), WEST + WIDTH * (Math.max(...within) + 1)];
}
