import { type Assignment, DivisionCode, type Officer, RoutingTree, type Station } from "@hotgrid/contracts";
import type { Area, Division } from "@hotgrid/grid";
import { z } from "zod";
import { checkQuietHours } from "./check-quiet-hours.ts";
import { checkRosters, type RosterTables } from "./check-roster-references.ts";
import { checkReferences, type SeedTables } from "./check-seed-references.ts";
import type { Rosters } from "./duty-store.ts";
import { CalendarRow, LeaveRow, ROSTER_REMEDIES, ShiftRow } from "./roster-rows.ts";
import { parseSeedAreas, type SeedArea } from "./seed-areas.ts";
import { SeedFiles } from "./seed-files.ts";
import { SeedError } from "./seed-problem.ts";
import { AssignmentRow, DivisionRow, OfficerRow, SEED_REMEDIES, StationRow } from "./seed-rows.ts";

const SeedCity = z.strictObject({
  code: DivisionCode,
  name: z.string().min(1).max(64),
  utcOffset: z.string().regex(/^[+-]\d{2}:\d{2}$/, 'an offset such as "+08:00"'),
  lon: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
});

/** Everything that a city starts with, decoded and checked. */
export interface Seeds extends Rosters {
  readonly city: z.infer<typeof SeedCity>;
  readonly divisions: readonly Division[];
  /** WGS-84. */
  readonly areas: ReadonlyMap<DivisionCode, Area>;
  readonly stations: readonly Station[];
  readonly officers: readonly Officer[];
  readonly assignments: readonly Assignment[];
  /** Who gets which ticket first. */
  readonly routing: RoutingTree;
  /** rules.json and policy.json as they are, null where absent: detection and tickets decode their own. */
  readonly rules: unknown;
  readonly policy: unknown;
  /** notification.json, the same; the notifier decodes it. */
  readonly notification?: unknown;
}

export interface ReadSeedsOptions {
  /** Directory whose areas.geojson stands in for that of the seeds, as `hotgrid grid import` writes it. Without such a
   *  file there the seeds' own is read. */
  readonly overrides?: string;
}

/** Reads a city's seed files (seeds/shaoxing/README.md describes them). Throws SeedError with every problem found. */
export async function readSeeds(directory: string, options: ReadSeedsOptions = {}): Promise<Seeds> {
  const files = new SeedFiles(directory);
  const city = await readCity(files);
  const overridden = options.overrides && (await files.otherIfThere(options.overrides, "areas.geojson"));
  const areas = parseSeedAreas("areas.geojson", overridden || (await files.json("areas.geojson")), files.problems);
  const tables: SeedTables = {
    divisions: await files.table("divisions.csv", DivisionRow, SEED_REMEDIES.divisions),
    stations: await files.table("stations.csv", StationRow, SEED_REMEDIES.stations),
    officers: await files.table("officers.csv", OfficerRow, SEED_REMEDIES.officers),
    assignments: await files.table("assignments.csv", AssignmentRow, SEED_REMEDIES.assignments),
  };
  const rosters = await readRosters(files);
  const rules = await files.jsonIfThere("rules.json");
  const policy = await files.jsonIfThere("policy.json");
  const notification = await files.jsonIfThere("notification.json");

  files.problems.push(...checkQuietHours(policy, notification));

  const broken = files.problems.length > 0;
  if (city !== null && !broken) {
    const divisions = new Set(tables.divisions.map(({ value }) => value.code));
    const officers = new Set(tables.officers.map(({ value }) => value.id));
    files.problems.push(...checkReferences(city.code, tables, areas), ...checkRosters(rosters, divisions, officers));
  }
  if (city === null || rosters.routing === null || files.problems.length > 0) throw new SeedError(files.problems);
  return {
    city,
    divisions: tables.divisions.map(({ value }) => toDivision(value, areas.get(value.code))),
    areas: new Map([...areas].map(([code, { geometry }]) => [code, geometry])),
    stations: tables.stations.map(({ value }) => value),
    officers: tables.officers.map(({ value }) => value),
    assignments: tables.assignments.map(({ value }) => value),
    shifts: rosters.shifts.map(({ value }) => value),
    leaves: rosters.leaves.map(({ value }) => value),
    calendar: rosters.calendar.map(({ value }) => value),
    routing: rosters.routing,
    rules,
    policy,
    notification,
  };
}

async function readRosters(files: SeedFiles): Promise<RosterTables> {
  return {
    shifts: await files.tableIfThere("shifts.csv", ShiftRow, ROSTER_REMEDIES.shifts),
    leaves: await files.tableIfThere("leaves.csv", LeaveRow, ROSTER_REMEDIES.leaves),
    calendar: await files.tableIfThere("calendar.csv", CalendarRow, ROSTER_REMEDIES.calendar),
    routing: await readRouting(files),
  };
}

async function readRouting(files: SeedFiles): Promise<RoutingTree | null> {
  const json = await files.json("routing.json");
  if (json === null) return null;
  const routing = RoutingTree.safeParse(json);
  for (const { path, message } of routing.error?.issues ?? []) {
    const remedy = "参照 seeds/shaoxing/routing.json See seeds/shaoxing/routing.json.";
    files.problems.push({ file: "routing.json", line: null, field: path.join("."), value: "", message, remedy });
  }
  return routing.data ?? null;
}

async function readCity(files: SeedFiles): Promise<Seeds["city"] | null> {
  const json = await files.json("city.json");
  if (json === null) return null;
  const city = SeedCity.safeParse(json);
  for (const { path, message } of city.error?.issues ?? []) {
    const remedy = "参照 seeds/shaoxing/city.json See seeds/shaoxing/city.json.";
    files.problems.push({ file: "city.json", line: null, field: path.join("."), value: "", message, remedy });
  }
  return city.success ? city.data : null;
}

function toDivision({ parent, pointSource, ...row }: DivisionRow, area: SeedArea | undefined): Division {
  const [lon, lat] = area?.point ?? [row.lon, row.lat];
  return {
    ...row,
    lon,
    lat,
    parent: parent === "" ? null : parent,
    pointKnown: pointSource === "published" && lon === row.lon && lat === row.lat,
    approximate: area?.approximate ?? true,
  };
}
