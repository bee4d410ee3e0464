import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Assignment, DivisionCode, type Officer, type Station } from "@hotgrid/contracts";
import type { Area, Division } from "@hotgrid/grid";
import { z } from "zod";
import { checkReferences, type SeedTables } from "./check-seed-references.ts";
import { parseSeedAreas } from "./seed-areas.ts";
import { parseSeedCsv } from "./seed-csv.ts";
import { SeedError, type SeedProblem, shown } from "./seed-problem.ts";
import { AssignmentRow, DivisionRow, OfficerRow, SEED_REMEDIES, StationRow } from "./seed-rows.ts";

const SeedCity = z.strictObject({
  code: DivisionCode,
  name: z.string().min(1).max(64),
  utcOffset: z.string().regex(/^[+-]\d{2}:\d{2}$/, 'an offset such as "+08:00"'),
  lon: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
});

/** Everything that a city starts with, decoded and checked. */
export interface Seeds {
  readonly city: z.infer<typeof SeedCity>;
  readonly divisions: readonly Division[];
  /** WGS-84. */
  readonly areas: ReadonlyMap<DivisionCode, Area>;
  readonly stations: readonly Station[];
  readonly officers: readonly Officer[];
  readonly assignments: readonly Assignment[];
  /** rules.json and policy.json as they are, null where absent: detection and tickets decode their own. */
  readonly rules: unknown;
  readonly policy: unknown;
}

/** Bytes of one seed file. Ours: surveyed boundaries of a large city take some 50 MB. */
const FILE_LIMIT_BYTES = 256 * 1024 * 1024;

export interface ReadSeedsOptions {
  /** Directory whose areas.geojson stands in for that of the seeds, as `hotgrid grid import` writes it. Without such a
   *  file there the seeds' own is read. */
  readonly overrides?: string;
}

/** Reads a city's seed files (seeds/shaoxing/README.md describes them). Throws SeedError with every problem found. */
export async function readSeeds(directory: string, options: ReadSeedsOptions = {}): Promise<Seeds> {
  const problems: SeedProblem[] = [];
  const text = async (name: string): Promise<string> =>
    (await readIfThere(join(directory, name), problems, true)) ?? "";
  const json = async (name: string, required: boolean): Promise<unknown> =>
    parseJson(name, await readIfThere(join(directory, name), problems, required), problems);

  const city = SeedCity.safeParse(await json("city.json", true));
  const overridden =
    options.overrides && (await readIfThere(join(options.overrides, "areas.geojson"), problems, false));
  const areas = parseSeedAreas(
    "areas.geojson",
    overridden ? parseJson("areas.geojson", overridden, problems) : await json("areas.geojson", true),
    problems,
  );
  const tables: SeedTables = {
    divisions: parseSeedCsv(
      "divisions.csv",
      await text("divisions.csv"),
      DivisionRow,
      SEED_REMEDIES.divisions,
      problems,
    ),
    stations: parseSeedCsv("stations.csv", await text("stations.csv"), StationRow, SEED_REMEDIES.stations, problems),
    officers: parseSeedCsv("officers.csv", await text("officers.csv"), OfficerRow, SEED_REMEDIES.officers, problems),
    assignments: parseSeedCsv(
      "assignments.csv",
      await text("assignments.csv"),
      AssignmentRow,
      SEED_REMEDIES.assignments,
      problems,
    ),
  };
  const [rules, policy] = [await json("rules.json", false), await json("policy.json", false)];

  for (const issue of city.error?.issues ?? []) {
    const remedy = "参照 seeds/shaoxing/city.json See seeds/shaoxing/city.json.";
    problems.push({
      file: "city.json",
      line: null,
      field: issue.path.join("."),
      value: "",
      message: issue.message,
      remedy,
    });
  }
  if (city.success && problems.length === 0) problems.push(...checkReferences(city.data.code, tables, areas));
  if (!city.success || problems.length > 0) throw new SeedError(problems);

  const divisions = tables.divisions.map(({ value: { parent, pointSource, ...division } }): Division => {
    const area = areas.get(division.code);
    const [lon, lat] = area?.point ?? [division.lon, division.lat];
    const pointKnown = pointSource === "published" && lon === division.lon && lat === division.lat;
    return {
      ...division,
      lon,
      lat,
      pointKnown,
      parent: parent === "" ? null : parent,
      approximate: area?.approximate ?? true,
    };
  });
  return {
    city: city.data,
    divisions,
    areas: new Map([...areas].map(([code, { geometry }]) => [code, geometry])),
    stations: tables.stations.map(({ value }) => value),
    officers: tables.officers.map(({ value }) => value),
    assignments: tables.assignments.map(({ value }) => value),
    rules: rules ?? null,
    policy: policy ?? null,
  };
}

async function readIfThere(path: string, problems: SeedProblem[], required: boolean): Promise<string | null> {
  const file = basename(path);
  try {
    const { size } = await stat(path);
    if (size > FILE_LIMIT_BYTES) {
      const message = `${size} bytes, the limit is ${FILE_LIMIT_BYTES}`;
      problems.push({ file, line: null, field: "", value: "", message, remedy: "精简后再试 Make the file smaller." });
      return null;
    }
    return await readFile(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    const remedy = `放入 ${path} Put the file there.`;
    if (required)
      problems.push({ file, line: null, field: "", value: "", message: "缺少文件 the file is missing", remedy });
    return null;
  }
}

function parseJson(file: string, text: string | null, problems: SeedProblem[]): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const remedy = "更正 JSON Correct the JSON.";
    problems.push({ file, line: null, field: "", value: shown(text), message: error.message, remedy });
    return null;
  }
}
