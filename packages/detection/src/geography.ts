import type { DivisionCode } from "@hotgrid/contracts";

/** What the detector must know about places; packages/grid has it. */
export interface Geography {
  /** Null outside the city. */
  locate(lon: number, lat: number): Place | null;
  /** Name of a division for people, the code itself where there is none. */
  nameOf(code: DivisionCode): string;
}

export interface Place {
  /** Hotspot cells of 500 m and 3 km. */
  readonly cells: readonly [string, string];
  readonly village: DivisionCode;
  readonly town: DivisionCode;
  readonly county: DivisionCode;
  readonly city: DivisionCode;
}
