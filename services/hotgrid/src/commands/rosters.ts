import { readFile } from "node:fs/promises";
import { COVERED_AHEAD_MS, verifyCoverage } from "@hotgrid/grid";
import { importRosters, parseCalendarCsv, parseLeavesCsv, parseShiftsCsv, readDutyPlan } from "@hotgrid/store";
import { commandLine } from "./actor.ts";
import { type Call, type Command, text, UsageError } from "./command.ts";
import { gridOf } from "./grid.ts";
import { withData } from "./open-data.ts";
import { refuseOpenedHoles } from "./refuse-opened-holes.ts";

export const rostersImport: Command = {
  name: "rosters import",
  summary: {
    zh: "导入值班表、请假替班、节假日调休（CSV）；不改变过去；会造成无人负责的拒绝",
    en: "add or end shifts, leave with substitutes and calendar days from CSV; the past stays as it was, and what opens a hole is refused",
  },
  usage: "[--shifts FILE] [--leaves FILE] [--calendar FILE] [--backdate] [--allow-holes]",
  options: {
    shifts: { type: "string" },
    leaves: { type: "string" },
    calendar: { type: "string" },
    backdate: { type: "boolean" },
    "allow-holes": { type: "boolean" },
  },
  run: async (call) => {
    const shifts = await rowsOf(call, "shifts", parseShiftsCsv);
    const leaves = await rowsOf(call, "leaves", parseLeavesCsv);
    const calendar = await rowsOf(call, "calendar", parseCalendarCsv);
    const count = shifts.length + leaves.length + calendar.length;
    if (count === 0) throw new UsageError("give --shifts, --leaves or --calendar a file with rows");
    return withData(call, async (opened) => {
      const { database, seeds, stations } = opened;
      const codes = new Set(seeds.divisions.map(({ code }) => code));
      const nowhere = [...shifts, ...calendar].find(({ division }) => !codes.has(division));
      if (nowhere) throw new UsageError(`division ${nowhere.division} is not in this city`);
      const now = Date.now();
      const { utcOffset } = seeds.city;
      const backdate = call.values["backdate"] === true;
      const terms = [...shifts, ...leaves].flatMap(({ from, to }) => [from, to ?? from]);
      const guard = call.values["allow-holes"] === true ? {} : { guard: refuseOpenedHoles(opened, now, terms) };
      const options = { now, utcOffset, backdate, actor: commandLine(), ...guard };
      await importRosters(database, { shifts, leaves, calendar }, options);
      const plan = await readDutyPlan(database, utcOffset);
      const span = { from: now, to: now + COVERED_AHEAD_MS };
      const { holes } = verifyCoverage(gridOf(seeds), stations.all(), plan, span);
      const json = { shifts: shifts.length, leaves: leaves.length, calendar: calendar.length, holes: holes.length };
      const result = holes.length === 0 ? "" : `\n✗ ${holes.length} 处缺口 · holes: npm run hotgrid -- duty verify`;
      return {
        json,
        text: `${count} 行已导入，即时生效 · rows imported, in effect at once${result}`,
        code: holes.length === 0 ? 0 : 1,
      };
    });
  },
};

async function rowsOf<T>(call: Call, name: string, parse: (file: string, content: string) => T[]): Promise<T[]> {
  const file = text(call, name);
  return file === undefined ? [] : parse(file, await readFile(file, "utf8"));
}
