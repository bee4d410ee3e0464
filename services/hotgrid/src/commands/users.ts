import { createInterface } from "node:readline/promises";
import { Account } from "@hotgrid/contracts";
import { SystemClock } from "@hotgrid/runtime";
import { AccountStore, forgetTotpKey, TotpStore } from "@hotgrid/store";
import { commandLine } from "./actor.ts";
import { type Call, type Command, positional, text, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";
import { table } from "./table.ts";

const withAccounts = <T>(call: Call, work: (accounts: AccountStore) => Promise<T>): Promise<T> =>
  withData(call, ({ database }) => work(new AccountStore(database, new SystemClock())));

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
      const accounts = new AccountStore(database, new SystemClock());
      await accounts.create(account.data, await readPassword(), commandLine());
      return { json: account.data, text: `账号 ${account.data.id} 已建立 · account added`, code: 0 };
    });
  },
};

export const usersList: Command = {
  name: "users list",
  summary: { zh: "列出账号", en: "list the accounts" },
  usage: "",
  options: {},
  run: (call) =>
    withAccounts(call, async (accounts) => {
      const found = await accounts.list();
      const rows = found.map((a) => [a.id, a.name, a.role, a.division, a.officerId ?? "–", a.disabled ? "✗" : "✓"]);
      return { json: found, text: table(["id", "name", "role", "division", "officer", "可用 enabled"], rows), code: 0 };
    }),
};

export const usersDisable: Command = {
  name: "users disable",
  summary: {
    zh: "停用账号并结束其全部登录（--undo 恢复）",
    en: "disable an account and end its sessions (--undo: enable)",
  },
  usage: "ID [--undo]",
  options: { undo: { type: "boolean" } },
  run: (call) =>
    withAccounts(call, async (accounts) => {
      const id = positional(call, 0, "ID");
      const undo = call.values["undo"] === true;
      await (undo ? accounts.enable(id, commandLine()) : accounts.disable(id, commandLine()));
      return {
        json: { id, disabled: !undo },
        text: `${id} ${undo ? "已恢复 · enabled" : "已停用 · disabled"}`,
        code: 0,
      };
    }),
};

export const usersPassword: Command = {
  name: "users password",
  summary: {
    zh: "重设密码（从标准输入读取）并结束其全部登录",
    en: "set a password, read from standard input, and end the account's sessions",
  },
  usage: "ID < password",
  options: {},
  run: (call) =>
    withAccounts(call, async (accounts) => {
      const id = positional(call, 0, "ID");
      await accounts.setPassword(id, await readPassword(), commandLine());
      return { json: { id }, text: `${id} 的密码已重设 · password set`, code: 0 };
    }),
};

export const usersResetTotp: Command = {
  name: "users reset-totp",
  summary: {
    zh: "取消账号的动态口令（手机丢失）并结束其全部登录；--lost-key：密钥丢失，全部账号",
    en: "take an account's one-time codes away (a lost phone) and end its sessions; --lost-key: of all accounts",
  },
  usage: "ID | --lost-key",
  options: { "lost-key": { type: "boolean" } },
  run: (call) =>
    withData(call, async ({ database }) => {
      if (call.values["lost-key"] === true) {
        const ids = await forgetTotpKey(database, commandLine(), Date.now());
        const text = `${ids.length} 个账号的动态口令已取消,请删除旧密钥文件并重启控制台 · codes of ${ids.length} accounts taken away; remove the old key's file if there is one and restart the console`;
        return { json: { ids }, text, code: 0 };
      }
      const id = positional(call, 0, "ID");
      const account = await new AccountStore(database, new SystemClock()).find(id);
      if (account === undefined) throw new UsageError(`ID: there is no account ${id}`);
      await new TotpStore(database, new SystemClock(), null).remove(account, commandLine(), "totp-reset");
      return { json: { id }, text: `${id} 的动态口令已取消 · one-time codes taken away`, code: 0 };
    }),
};

/** Never a flag: flags stand in the process list and in the shell's history. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("密码 password: ");
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) return line;
  throw new UsageError("no password on standard input");
}
