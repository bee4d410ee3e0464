import { readFile } from "node:fs/promises";
import { PeopleStore, parseAssignmentsCsv, parseOfficersCsv } from "@hotgrid/store";
import { commandLine } from "./actor.ts";
import { type Command, positional, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";

export const officersImport: Command = {
  name: "officers import",
  summary: { zh: "导入网格员与责任分工（CSV）", en: "add or replace officers and their assignments from CSV" },
  usage: "OFFICERS.csv ASSIGNMENTS.csv",
  options: {},
  run: async (call) => {
    const [officersFile, assignmentsFile] = [
      positional(call, 0, "OFFICERS.csv"),
      positional(call, 1, "ASSIGNMENTS.csv"),
    ];
    const officers = parseOfficersCsv(officersFile, await readFile(officersFile, "utf8"));
    const assignments = parseAssignmentsCsv(assignmentsFile, await readFile(assignmentsFile, "utf8"));
    return withData(call, async ({ database, seeds }) => {
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
      await new PeopleStore(database).upsert({ officers, assignments }, commandLine());
      const json = { officers: officers.length, assignments: assignments.length };
      return {
        json,
        text: `${officers.length} 人、${assignments.length} 项分工已导入 · officers and assignments imported`,
        code: 0,
      };
    });
  },
};
