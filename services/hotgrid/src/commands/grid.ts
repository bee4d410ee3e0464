import { COVERED_AHEAD_MS, createGrid, describeLocation, type Grid, verifyCoverage } from "@hotgrid/grid";
import { PeopleStore, readDutyPlan, type Seeds } from "@hotgrid/store";
import { momentOf, when } from "./city-time.ts";
import { type Call, type Command, positional, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";

export const gridOf = ({ city, divisions, areas }: Seeds): Grid => createGrid({ city: city.code, divisions, areas });

export const gridVerify: Command = {
  name: "grid verify",
  summary: {
    zh: "证明今后 30 天每个网格、每个站点在四级时时有人负责，列出缺口",
    en: "prove that every cell and station has somebody responsible at all four levels through 30 days; list holes",
  },
  usage: "[--at ISO]",
  options: { at: { type: "string" } },
  run: (call) =>
    withData(call, async ({ seeds, database, stations }) => {
      const { utcOffset } = seeds.city;
      const from = momentOf(call);
      const span = { from, to: from + COVERED_AHEAD_MS };
      const report = verifyCoverage(gridOf(seeds), stations.all(), await readDutyPlan(database, utcOffset), span);
      const { checked, holes, warnings } = report;
      const lines = [
        `${checked.divisions} 个行政区划、${checked.fineCells} 个 500 m 网格、${checked.coarseCells} 个 3 km 网格、${checked.stations} 个站点 · divisions, cells and stations checked`,
        ...holes.map(
          (hole) =>
            `✗ ${hole.level} ${hole.name} ${hole.division ?? ""} ${when(hole, utcOffset)}: ${hole.cells.length} 网格 cells, ${hole.stations.length} 站 stations. ${hole.remedy.zh} · ${hole.remedy.en}`,
        ),
        ...warnings.map((warning) => `! ${warning.kind}: ${warning.remedy.zh} · ${warning.remedy.en}`),
        holes.length === 0 ? "✓ 无缺口 · no hole" : `✗ ${holes.length} 处缺口 · holes`,
      ];
      return { json: report, text: lines.join("\n"), code: holes.length === 0 ? 0 : 1 };
    }),
};

export const gridLocate: Command = {
  name: "grid locate",
  summary: {
    zh: "查询一点的网格、村社、乡镇、区县及值班人员（WGS-84）",
    en: "cell, village, town, county, city and officers on duty of a point (WGS-84)",
  },
  usage: "LON LAT [--at ISO]",
  options: { at: { type: "string" } },
  run: (call) =>
    withData(call, async ({ seeds, database }) => {
      const [lon, lat] = [degrees(call, 0, "LON", 180), degrees(call, 1, "LAT", 90)];
      const people = new PeopleStore(database);
      const found = describeLocation(
        gridOf(seeds),
        { officers: await people.officers(), plan: await readDutyPlan(database, seeds.city.utcOffset) },
        { lon, lat },
        momentOf(call),
      );
      if (!found) {
        const text = `${lon} ${lat} 不在${seeds.city.name}范围内 · lies outside the city; is it LON LAT, in WGS-84?`;
        return { json: null, text, code: 1 };
      }
      const places = [found.village, found.town, found.county, found.city];
      const lines = [
        `网格 cells  ${found.cell}  ${found.coarseCell}`,
        ...places.map((place) => {
          const duty = place.onDuty
            ? `${place.onDuty.name} ${place.onDuty.phone} (${place.onDuty.reason})`
            : "无人值班 · nobody";
          return `${place.code.padEnd(12)}  ${place.name}${place.approximate ? "（近似边界 approximate）" : ""}  ${duty}`;
        }),
      ];
      return { json: found, text: lines.join("\n"), code: 0 };
    }),
};

/** A negative longitude looks like a flag to the parser: `-- -1.5 57` says that it is none. */
function degrees(call: Call, index: number, name: string, limit: number): number {
  const word = positional(call, index, name);
  const value = Number(word);
  if (word.trim() === "" || !Number.isFinite(value) || Math.abs(value) > limit) {
    throw new UsageError(`${name} ${JSON.stringify(word)} is not a number between -${limit} and ${limit}`);
  }
  return value;
}
