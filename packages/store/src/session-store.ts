import { createHash, randomBytes } from "node:crypto";
import type { Account, Role } from "@hotgrid/contracts";
import type { Clock } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import { accountOf } from "./account-store.ts";
import { appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import type { SessionStage } from "./tables/people-and-stations.ts";

/** 256 random bits: no guessing, so that one SHA-256 without salt is enough to store it. */
const TOKEN_BYTES = 32;
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;
/** `last_seen_at` may lag this far behind, ms, so that reading pages doesn't write to the disk. Ours. */
const SEEN_STEP_MS = 60_000;
const DAY_MS = 86_400_000;
/** A login that is not complete: long enough to find the phone and to set up an app, ms. Ours. */
const UNFINISHED_MS = 10 * 60_000;

export interface SessionLimits {
  /** A session ends this long after the login, ms. */
  readonly lifetimeMs: number;
  /** And this long after its last use, ms. */
  readonly idleMs: number;
}
/** Ours: an officer logs in once a week, and again after a day away. */
const DEFAULT_LIMITS: SessionLimits = { lifetimeMs: 7 * DAY_MS, idleMs: DAY_MS };

export interface Session {
  readonly account: Account;
  /** Epoch ms, both. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly stage: SessionStage;
  /** Who vouched for the first factor. */
  readonly origin: "password" | "oidc";
}

/** Logins. The token is in the browser's cookie only; the database has its SHA-256. */
export class SessionStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  readonly #limits: SessionLimits;

  /** Give it the wall's clock where the demo's clock may be paused or set back. */
  constructor(db: Kysely<Database>, clock: Clock, limits: SessionLimits = DEFAULT_LIMITS) {
    this.#db = db;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** After the first factor was verified, or all of them.
   *  @param stage until "full", the session lives for ten minutes only. */
  async create(
    accountId: string,
    { stage = "full", origin = "password" }: Partial<Pick<Session, "stage" | "origin">> = {},
  ): Promise<{ token: string; expiresAt: number }> {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const now = this.#clock.now();
    const expiresAt = now + (stage === "full" ? this.#limits.lifetimeMs : UNFINISHED_MS);
    const times = { created_at: now, expires_at: expiresAt, last_seen_at: now };
    await this.#db
      .insertInto("sessions")
      .values({ token_hash: digest(token), account_id: accountId, stage, origin, ...times })
      .execute();
    return { token, expiresAt };
  }

  /** undefined where the token is unknown, expired, idle for too long or revoked, or the account disabled. */
  async find(token: string): Promise<Session | undefined> {
    if (!TOKEN_FORM.test(token)) return undefined;
    const now = this.#clock.now();
    const row = await this.#db
      .selectFrom("sessions")
      .innerJoin("accounts", "accounts.id", "sessions.account_id")
      .select(["accounts.id", "accounts.name", "accounts.role", "accounts.division", "accounts.officer_id"])
      .select(["sessions.created_at", "sessions.expires_at", "sessions.last_seen_at"])
      .select(["sessions.stage", "sessions.origin"])
      .where("sessions.token_hash", "=", digest(token))
      .where("accounts.disabled_at", "is", null)
      .where("sessions.expires_at", ">", now)
      .where("sessions.last_seen_at", ">", now - this.#limits.idleMs)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    if (now - row.last_seen_at >= SEEN_STEP_MS) await this.#seen(token, now);
    const { created_at: createdAt, expires_at: expiresAt, stage, origin } = row;
    return { account: accountOf(row), createdAt, expiresAt, stage, origin };
  }

  async revoke(token: string): Promise<void> {
    await this.#db.deleteFrom("sessions").where("token_hash", "=", digest(token)).execute();
  }

  /** Ends the session because its account asked for it. */
  async logOut(token: string, { id, division }: Account, address: string | null): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await trx.deleteFrom("sessions").where("token_hash", "=", digest(token)).execute();
      const who = { actor: { account: id, address }, subject: "login", subjectId: id, division } as const;
      await appendAudit(trx, { ...who, at: this.#clock.now(), action: "logout" });
    });
  }

  async revokeAll(accountId: string): Promise<void> {
    await this.#db.deleteFrom("sessions").where("account_id", "=", accountId).execute();
  }

  /** Ends what was begun with a password alone by roles that need more now. */
  async revokeWithoutTotp(roles: readonly Role[]): Promise<void> {
    if (roles.length === 0) return;
    const confirmed = this.#db.selectFrom("account_totp").select("account_id").where("confirmed_at", "is not", null);
    const concerned = this.#db.selectFrom("accounts").select("id").where("role", "in", roles);
    await this.#db
      .deleteFrom("sessions")
      .where("origin", "=", "password")
      .where("account_id", "in", concerned)
      .where("account_id", "not in", confirmed)
      .execute();
  }

  /** Removes what has ended anyway. */
  async sweep(): Promise<void> {
    const now = this.#clock.now();
    await this.#db
      .deleteFrom("sessions")
      .where((eb) => eb.or([eb("expires_at", "<=", now), eb("last_seen_at", "<=", now - this.#limits.idleMs)]))
      .execute();
  }

  async #seen(token: string, now: number): Promise<void> {
    await this.#db.updateTable("sessions").set({ last_seen_at: now }).where("token_hash", "=", digest(token)).execute();
  }
}

const digest = (token: string): string => createHash("sha256").update(token).digest("hex");
