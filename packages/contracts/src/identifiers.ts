import { z } from "zod";

/** A station's stable id: also its MQTT client id and username, so that no topic wildcard may occur in it. */
export const StationId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, "1 to 64 of A-Z a-z 0-9 _ . -");
export type StationId = z.infer<typeof StationId>;

/** Statistical division code (统计用区划代码) cut to its level: city 4 digits + "00" (330600), county 6 (330602),
 *  town 9 (330602001), village 12 (330602001001). Its significant prefix is its parent. */
export const DivisionCode = z.string().regex(/^\d{6}(\d{3}(\d{3})?)?$/, "a division code of 6, 9 or 12 digits");
export type DivisionCode = z.infer<typeof DivisionCode>;

export const DIVISION_LEVELS = ["city", "county", "town", "village"] as const;
export const DivisionLevel = z.enum(DIVISION_LEVELS);
export type DivisionLevel = z.infer<typeof DivisionLevel>;

/** The first four digits of a division code: the unit of partition, and the last token of a subject. */
export const CityCode = z.string().regex(/^\d{4}$/, "four digits");
export type CityCode = z.infer<typeof CityCode>;

export const cityOf = (division: DivisionCode): CityCode => division.slice(0, 4);

export function divisionLevel(code: DivisionCode): DivisionLevel {
  if (code.length === 12) return "village";
  if (code.length === 9) return "town";
  return code.endsWith("00") ? "city" : "county";
}

/** The significant digits of a code: a permission for a code covers every code that starts with them. */
export const divisionPrefix = (code: DivisionCode): string =>
  divisionLevel(code) === "city" ? code.slice(0, 4) : code;

export const coversDivision = (outer: DivisionCode, inner: DivisionCode): boolean =>
  inner.startsWith(divisionPrefix(outer));

/** Code of the division one level up, or null for a city. */
export function parentDivision(code: DivisionCode): DivisionCode | null {
  switch (divisionLevel(code)) {
    case "village":
      return code.slice(0, 9);
    case "town":
      return code.slice(0, 6);
    case "county":
      return `${code.slice(0, 4)}00`;
    case "city":
      return null;
  }
}
