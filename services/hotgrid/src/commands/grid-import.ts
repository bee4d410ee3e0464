import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  areasFile,
  type BoundaryCrs,
  COVERED_AHEAD_MS,
  importBoundaries,
  replaceAreas,
  verifyCoverage,
} from "@hotgrid/grid";
import { readDutyPlan } from "@hotgrid/store";
import { dataFiles } from "../data-directory.ts";
import { type Call, type Command, positional, text, UsageError } from "./command.ts";
import { gridOf } from "./grid.ts";
import { withData } from "./open-data.ts";

/** Bytes of a boundary file. Ours, as readSeeds: surveyed boundaries of a large city take some 50 MB. */
const FILE_LIMIT_BYTES = 256 * 1024 * 1024;

export const gridImport: Command = {
  name: "grid import",
  summary: {
    zh: "导入真实边界（GeoJSON，GCJ-02 或 WGS-84），逐区划替换近似边界；删除数据目录的 grid/ 即撤销",
    en: "replace approximate areas by a GeoJSON of real boundaries; removing grid/ in the data directory undoes it",
  },
  usage: "FILE.geojson --crs GCJ-02|WGS-84 [--dry-run]",
  options: { crs: { type: "string" }, "dry-run": { type: "boolean" } },
  run: async (call) => {
    const [file, crs] = [positional(call, 0, "FILE.geojson"), crsOf(call)];
    const geojson = await readGeoJson(file);
    return withData(call, async ({ seeds, database, stations }) => {
      const { areas, problems } = importBoundaries(geojson, { crs, divisions: seeds.divisions });
      const errors = problems.filter(({ severity }) => severity === "error");
      const replaced = replaceAreas({ divisions: seeds.divisions, areas: seeds.areas, imported: areas });
      const coverage = verifyCoverage(
        gridOf({ ...seeds, divisions: replaced.divisions, areas: replaced.areas }),
        stations.all(),
        await readDutyPlan(database, seeds.city.utcOffset),
        { from: Date.now(), to: Date.now() + COVERED_AHEAD_MS },
      );
      const write = errors.length === 0 && areas.size > 0 && call.values["dry-run"] !== true;
      if (write) await writeAreas(call, JSON.stringify(areasFile(replaced.divisions, replaced.areas)));
      const json = { imported: [...areas.keys()], adapted: replaced.adapted, problems, coverage, written: write };
      const lines = [
        ...problems.map(
          (p) => `${p.severity === "error" ? "✗" : "!"} ${p.code ?? ""} ${p.message.zh} · ${p.message.en}`,
        ),
        `${areas.size} 个边界可用，${replaced.adapted.length} 个近似边界随之调整，${coverage.holes.length} 处责任缺口 · areas taken, approximate ones adapted, holes`,
        write ? "✓ 已写入，重启后生效 · written; takes effect at the next start" : "未写入 · nothing written",
      ];
      return { json, text: lines.join("\n"), code: errors.length === 0 && areas.size > 0 ? 0 : 1 };
    });
  },
};

function crsOf(call: Call): BoundaryCrs {
  const crs = text(call, "crs");
  if (crs === "GCJ-02" || crs === "WGS-84") return crs;
  throw new UsageError(
    `--crs ${crs ?? "is missing"}: say GCJ-02 (Chinese maps) or WGS-84 (GPS); a wrong datum moves a village by 500 m`,
  );
}

async function readGeoJson(file: string): Promise<unknown> {
  const { size } = await stat(file);
  if (size > FILE_LIMIT_BYTES)
    throw new UsageError(`${file} has ${size} bytes; at most ${FILE_LIMIT_BYTES}: simplify it`);
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: ${cause instanceof Error ? cause.message : ""}`, { cause });
  }
}

async function writeAreas(call: Call, content: string): Promise<void> {
  const folder = dataFiles(call.dataDir).gridOverrides;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "areas.geojson.new"), content);
  await rename(join(folder, "areas.geojson.new"), join(folder, "areas.geojson"));
}
