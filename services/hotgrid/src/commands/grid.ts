import { createGrid, describeLocation, type Grid, verifyCoverage } from "@hotgrid/grid";
import { PeopleStore, type Seeds } from "@hotgrid/store";
import { type Call, type Command, positional, text, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";

export const gridOf = ({ city, divisions, areas }: Seeds): Grid => createGrid({ city: city.code, divisions, areas });

export const gridVerify: Command = {
  name: "grid verify",
  summary: {
    zh: "证明每个网格、每个站点在四级都有责任人，列出缺口",
    en: "prove that every cell and station has a responsible officer at all four levels; list what hasn't",
  },
  usage: "[--at ISO]",
  options: { at: { type: "string" } },
  run: (call) =>
    withData(call, async ({ seeds, database, stations }) => {
      const assignments = await new PeopleStore(database).assignments();
      const report = verifyCoverage(gridOf(seeds), stations.all(), assignments, momentOf(call));
      const { checked, holes, warnings } = report;
      const lines = [
        `${checked.divisions} 个行政区划、${checked.fineCells} 个 500 m 网格、${checked.coarseCells} 个 3 km 网格、${checked.stations} 个站点 · divisions, cells and stations checked`,
        ...holes.map(
          (hole) =>
            `✗ ${hole.level} ${hole.name} ${hole.division ?? ""}: ${hole.cells.length} 网格 cells, ${hole.stations.length} 站 stations. ${hole.remedy.zh} · ${hole.remedy.en}`,
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
        { officers: await people.officers(), assignments: await people.assignments() },
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

function momentOf(call: Call): number {
  const word = text(call, "at");
  if (word === undefined) return Date.now();
  const at = Date.parse(word);
  if (!/[+-]\d\d:\d\d$|Z$/.test(word) || Number.isNaN(at)) {
    throw new UsageError(`--at ${word}: give ISO 8601 with an offset, e.g. 2026-11-22T08:00:00+08:00`);
  }
  return at;
}
