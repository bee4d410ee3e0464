import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Account } from "@hotgrid/contracts";
import { type Clock, Rejected } from "@hotgrid/runtime";
import type { Kysely, Transaction } from "kysely";
import { accountOf } from "./account-store.ts";
import { type Actor, appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";

/** read: what the account may see. write: what it may do as well. */
export type TokenScope = "read" | "write";

export interface ApiToken {
  readonly id: string;
  readonly accountId: string;
  readonly name: string;
  readonly scope: TokenScope;
  /** Epoch ms, all. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
}

const TOKEN_BYTES = 32;
/** The prefix lets scanners of leaked secrets know it. */
const TOKEN_FORM = /^hgt_[A-Za-z0-9_-]{43}$/;
const DAY_MS = 86_400_000;
/** Ours: what nobody renews within a year, nobody misses. */
const LONGEST_LIFE_DAYS = 366;

/** Keys of programs. A token acts as its account, within its scope and until it expires; only its SHA-256 is stored. */
export class TokenStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** The token is answered here and never again. Throws Rejected "bad-life" or "unknown-account".
   *  @param days of life, 1 to 366. */
  async add(
    of: { readonly accountId: string; readonly name: string; readonly scope: TokenScope; readonly days: number },
    by: Actor,
  ): Promise<{ id: string; token: string; expiresAt: number }> {
    const { accountId, name, scope, days } = of;
    if (!Number.isInteger(days) || days < 1 || days > LONGEST_LIFE_DAYS) throw badLife();
    const token = `hgt_${randomBytes(TOKEN_BYTES).toString("base64url")}`;
    const now = this.#clock.now();
    const [id, expiresAt] = [randomUUID(), now + days * DAY_MS];
    await this.#db.transaction().execute(async (trx) => {
      const division = await divisionOf(trx, accountId);
      const row = { id, account_id: accountId, name, scope, token_hash: digest(token), created_at: now };
      await trx
        .insertInto("api_tokens")
        .values({ ...row, expires_at: expiresAt, revoked_at: null })
        .execute();
      const subject = { subject: "token", subjectId: id, division } as const;
      await appendAudit(trx, {
        at: now,
        actor: by,
        ...subject,
        action: "add",
        details: { accountId, scope, expiresAt },
      });
    });
    return { id, token, expiresAt };
  }

  /** undefined where it is unknown, expired or revoked, or its account disabled. */
  async find(
    token: string,
  ): Promise<{ account: Account; scope: TokenScope; createdAt: number; expiresAt: number } | undefined> {
    if (!TOKEN_FORM.test(token)) return undefined;
    const row = await this.#db
      .selectFrom("api_tokens")
      .innerJoin("accounts", "accounts.id", "api_tokens.account_id")
      .select(["accounts.id", "accounts.name", "accounts.role", "accounts.division", "accounts.officer_id"])
      .select(["api_tokens.scope", "api_tokens.created_at as since", "api_tokens.expires_at"])
      .where("api_tokens.token_hash", "=", digest(token))
      .where("api_tokens.revoked_at", "is", null)
      .where("api_tokens.expires_at", ">", this.#clock.now())
      .where("accounts.disabled_at", "is", null)
      .executeTakeFirst();
    return row && { account: accountOf(row), scope: row.scope, createdAt: row.since, expiresAt: row.expires_at };
  }

  async list(): Promise<readonly ApiToken[]> {
    const rows = await this.#db.selectFrom("api_tokens").selectAll().orderBy("created_at").orderBy("id").execute();
    return rows.map((row) => ({
      ...{ id: row.id, accountId: row.account_id, name: row.name, scope: row.scope },
      ...{ createdAt: row.created_at, expiresAt: row.expires_at, revokedAt: row.revoked_at },
    }));
  }

  /** Throws Rejected "unknown-token" where there is none that could be revoked. */
  async revoke(id: string, by: Actor): Promise<void> {
    const now = this.#clock.now();
    await this.#db.transaction().execute(async (trx) => {
      const row = await trx
        .updateTable("api_tokens")
        .set({ revoked_at: now })
        .where("id", "=", id)
        .where("revoked_at", "is", null)
        .returning("account_id")
        .executeTakeFirst();
      if (row === undefined) {
        const text = { zh: `没有可撤销的令牌 ${id}`, en: `there is no token ${id} that could be revoked` };
        throw new Rejected("unknown-token", text, "id");
      }
      const subject = { subject: "token", subjectId: id, division: await divisionOf(trx, row.account_id) } as const;
      await appendAudit(trx, { at: now, actor: by, ...subject, action: "revoke" });
    });
  }
}

async function divisionOf(trx: Transaction<Database>, accountId: string): Promise<string> {
  const row = await trx.selectFrom("accounts").select("division").where("id", "=", accountId).executeTakeFirst();
  if (row) return row.division;
  const text = { zh: `账号 ${accountId} 不存在`, en: `there is no account ${accountId}` };
  throw new Rejected("unknown-account", text, "accountId");
}

const badLife = (): Rejected => {
  const zh = `有效期须为 1 至 ${LONGEST_LIFE_DAYS} 天`;
  return new Rejected("bad-life", { zh, en: `a token lives 1 to ${LONGEST_LIFE_DAYS} days` }, "days");
};

const digest = (token: string): string => createHash("sha256").update(token).digest("hex");
