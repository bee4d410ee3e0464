import { readFile } from "node:fs/promises";
import { PeopleStore, parseAssignmentsCsv, parseOfficersCsv } from "@hotgrid/store";
import { commandLine } from "./actor.ts";
import { type Command, positional, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";
import { refuseOpenedHoles } from "./refuse-opened-holes.ts";

export const officersImport: Command = {
  name: "officers import",
  summary: {
    zh: "导入网格员与责任分工（CSV）；会造成无人负责的拒绝",
    en: "add or replace officers and their assignments from CSV; what leaves a place without anybody is refused",
  },
  usage: "OFFICERS.csv ASSIGNMENTS.csv [--allow-holes]",
  options: { "allow-holes": { type: "boolean" } },
  run: async (call) => {
    const [officersFile, assignmentsFile] = [
      positional(call, 0, "OFFICERS.csv"),
      positional(call, 1, "ASSIGNMENTS.csv"),
    ];
    const officers = parseOfficersCsv(officersFile, await readFile(officersFile, "utf8"));
    const assignments = parseAssignmentsCsv(assignmentsFile, await readFile(assignmentsFile, "utf8"));
    return withData(call, async (opened) => {
      const { database, seeds } = opened;
      const known = new Set([
        ...officers.map(({ id }) => id),
        ...(await new PeopleStore(database).officers()).map(({ id }) => id),
      ]);
      const stranger = assignments.find(({ officerId }) => !known.has(officerId));
      if (stranger)
        throw new UsageError(
          `${assignmentsFile}: officerId ${stranger.officerId} is no officer; add a row to ${officersFile}`,
        );
      const codes = new Set(seeds.divisions.map(({ code }) => code));
      const nowhere = assignments.find(({ division }) => !codes.has(division));
      if (nowhere) throw new UsageError(`${assignmentsFile}: division ${nowhere.division} is not in this city`);
      const now = Date.now();
      const terms = assignments.flatMap(({ from, to }) => [from, to ?? from]);
      const guard = call.values["allow-holes"] === true ? undefined : refuseOpenedHoles(opened, now, terms);
      await new PeopleStore(database).upsert({ officers, assignments }, commandLine(), now, guard);
      const json = { officers: officers.length, assignments: assignments.length };
      return {
        json,
        text: `${officers.length} 人、${assignments.length} 项分工已导入 · officers and assignments imported`,
        code: 0,
      };
    });
  },
};
