import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Account } from "@hotgrid/contracts";
import { SystemClock } from "@hotgrid/runtime";
import { AccountStore, PeopleStore, parseAssignmentsCsv, parseOfficersCsv } from "@hotgrid/store";
import { type Command, positional, text, UsageError } from "./command.ts";
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
      await new PeopleStore(database).upsert({ officers, assignments });
      const json = { officers: officers.length, assignments: assignments.length };
      return {
        json,
        text: `${officers.length} 人、${assignments.length} 项分工已导入 · officers and assignments imported`,
        code: 0,
      };
    });
  },
};

export const usersAdd: Command = {
  name: "users add",
  summary: { zh: "新增账号（密码从标准输入读取）", en: "add an account; the password is read from standard input" },
  usage: "--id ID --name NAME --role ROLE --division CODE [--officer OFFICER] < password",
  options: {
    id: { type: "string" },
    name: { type: "string" },
    role: { type: "string" },
    division: { type: "string" },
    officer: { type: "string" },
  },
  run: async (call) => {
    const account = Account.safeParse({
      id: text(call, "id"),
      name: text(call, "name"),
      role: text(call, "role"),
      division: text(call, "division"),
      officerId: text(call, "officer") ?? null,
    });
    if (!account.success) {
      const [issue] = account.error.issues;
      throw new UsageError(`--${issue?.path.join(".")}: ${issue?.message}`);
    }
    return withData(call, async ({ database, seeds }) => {
      if (!seeds.divisions.some(({ code }) => code === account.data.division)) {
        throw new UsageError(`--division: ${account.data.division} is not in this city`);
      }
      await new AccountStore(database, new SystemClock()).create(account.data, await readPassword());
      return { json: account.data, text: `账号 ${account.data.id} 已建立 · account added`, code: 0 };
    });
  },
};

/** Never a flag: flags stand in the process list and in the shell's history. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("密码 password: ");
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line;
  throw new UsageError("no password on standard input");
}
