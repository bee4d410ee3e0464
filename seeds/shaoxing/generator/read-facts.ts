import { readFileSync } from "node:fs";
import { type DivisionCode, type DivisionLevel, divisionLevel } from "@hotgrid/contracts";
import { gcj02ToWgs84, type LonLat } from "@hotgrid/grid";
import { parse } from "csv-parse/sync";
import { villageCodes } from "./village-codes.ts";

export interface Fact {
  readonly code: DivisionCode;
  readonly name: string;
  readonly level: DivisionLevel;
  readonly parent: DivisionCode | null;
  /** WGS-84; null where no point is known. */
  readonly point: LonLat | null;
  /** "published", "median" of village points or "estimated"; "" without a point. */
  readonly pointSource: string;
  /** The village's statistical code of 2016, before its town was merged or renamed; "" for the other levels. */
  readonly code2016: string;
}

type Row = Record<string, string>;
const rows = (file: string): Row[] => parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true });

/** Divisions with their names and parents, and the points that are known (towns all, villages some). */
export function readFacts(divisionsFile: string, townPointsFile: string): Fact[] {
  const divisions = rows(divisionsFile);
  const townPoints = new Map(rows(townPointsFile).map((row) => [row["code"] ?? "", row]));
  const codes = villageCodes(
    divisions
      .filter((row) => row["level"] === "village")
      .map((row) => ({ code2016: row["code"] ?? "", town: row["parent"] ?? "" })),
  );
  return divisions.map((row) => {
    const source = row["code"] ?? "";
    const code = codes.get(source) ?? source;
    const level = divisionLevel(code);
    const pointRow = townPoints.get(source) ?? row;
    const point = pointOf(pointRow);
    return {
      code,
      name: row["name"] ?? "",
      level,
      parent: level === "city" ? null : (row["parent"] ?? ""),
      point,
      pointSource: point === null ? "" : sourceOf(pointRow["point_source"] ?? ""),
      code2016: level === "village" ? source : "",
    };
  });
}

function sourceOf(note: string): string {
  if (note.startsWith("APPROXIMATE")) return "estimated";
  return note.startsWith("median") ? "median" : "published";
}

function pointOf(row: Row): LonLat | null {
  if (!row["lon_gcj02"] || !row["lat_gcj02"]) return null;
  const [lon, lat] = gcj02ToWgs84(Number(row["lon_gcj02"]), Number(row["lat_gcj02"]));
  return { lon, lat };
}
