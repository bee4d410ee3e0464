import { SystemClock } from "@hotgrid/runtime";
import { TokenStore } from "@hotgrid/store";
import { commandLine } from "./actor.ts";
import { type Call, type Command, positional, text, UsageError } from "./command.ts";
import { withData } from "./open-data.ts";
import { table } from "./table.ts";

const withTokens = <T>(call: Call, work: (tokens: TokenStore) => Promise<T>): Promise<T> =>
  withData(call, ({ database }) => work(new TokenStore(database, new SystemClock())));

export const tokensList: Command = {
  name: "tokens list",
  summary: { zh: "列出接口令牌", en: "list the API tokens" },
  usage: "",
  options: {},
  run: (call) =>
    withTokens(call, async (tokens) => {
      const found = await tokens.list();
      const day = (at: number | null) => (at === null ? "–" : new Date(at).toISOString().slice(0, 10));
      const rows = found.map((t) => [t.id, t.name, t.accountId, t.scope, day(t.expiresAt), day(t.revokedAt)]);
      return { json: found, text: table(["id", "name", "account", "scope", "expires", "revoked"], rows), code: 0 };
    }),
};

export const tokensAdd: Command = {
  name: "tokens add",
  summary: { zh: "为账号发放接口令牌，仅显示这一次", en: "make an API token for an account; it is shown this once" },
  usage: "--account ID --name WHAT_FOR --scope read|write --days 1…366",
  options: {
    account: { type: "string" },
    name: { type: "string" },
    scope: { type: "string" },
    days: { type: "string" },
  },
  run: (call) => {
    const [accountId, name, scope, days] = ["account", "name", "scope", "days"].map((option) => text(call, option));
    if (!accountId || !name || name.length > 64) throw new UsageError("--account and --name (up to 64 characters)");
    if (scope !== "read" && scope !== "write") throw new UsageError("--scope is read or write");
    return withTokens(call, async (tokens) => {
      const made = await tokens.add({ accountId, name, scope, days: Number(days) }, commandLine());
      return { json: made, text: made.token, code: 0 };
    });
  },
};

export const tokensRevoke: Command = {
  name: "tokens revoke",
  summary: { zh: "撤销接口令牌，立即生效", en: "revoke an API token, at once" },
  usage: "ID",
  options: {},
  run: (call) =>
    withTokens(call, async (tokens) => {
      const id = positional(call, 0, "ID");
      await tokens.revoke(id, commandLine());
      return { json: { id }, text: `${id} 已撤销 · revoked`, code: 0 };
    }),
};
