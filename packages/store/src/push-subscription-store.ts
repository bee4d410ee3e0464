import { createHash } from "node:crypto";
import type { Account, PushSubscriptionRequest } from "@hotgrid/contracts";
import type { Clock } from "@hotgrid/runtime";
import type { Kysely, Transaction } from "kysely";
import { type Actor, appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";

/** What a message is encrypted for. */
export interface PushDevice {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** Devices of one account; the oldest gives way. Ours. */
const DEVICES_AT_MOST = 5;

/** Devices that told us to tell them: each belongs to the account that was last logged in on it. */
export class PushSubscriptionStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** Again for the same device: it is this account's from now on. @returns its id */
  async add(account: Account, { endpoint, keys, expirationTime, language }: PushSubscriptionRequest, by: Actor) {
    const id = createHash("sha256").update(endpoint).digest("hex");
    const now = this.#clock.now();
    const row = { account_id: account.id, ...keys, language, created_at: now, expires_at: expirationTime };
    await this.#db.transaction().execute(async (trx) => {
      const before = await trx
        .selectFrom("push_subscriptions")
        .select("account_id")
        .where("id", "=", id)
        .executeTakeFirst();
      await trx
        .insertInto("push_subscriptions")
        .values({ id, endpoint, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
      await makeRoom(trx, account.id);
      if (before?.account_id !== account.id) await tell(trx, account, "push-on", by, now);
    });
    return id;
  }

  /** @returns false where the account has no such device. */
  async remove(account: Account, id: string, by: Actor): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom("push_subscriptions")
        .where("id", "=", id)
        .where("account_id", "=", account.id)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) return false;
      await tell(trx, account, "push-off", by, this.#clock.now());
      return true;
    });
  }
}

/** Ids of the devices of an officer, whose account is not disabled. */
export async function devicesOfOfficer(db: Kysely<Database>, officerId: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("push_subscriptions")
    .innerJoin("accounts", "accounts.id", "push_subscriptions.account_id")
    .select("push_subscriptions.id")
    .where("accounts.officer_id", "=", officerId)
    .where("accounts.disabled_at", "is", null)
    .orderBy("push_subscriptions.id")
    .execute();
  return rows.map(({ id }) => id);
}

/** undefined where it is gone, or its account was disabled meanwhile. */
export async function findDevice(db: Kysely<Database>, id: string): Promise<PushDevice | undefined> {
  const row = await db
    .selectFrom("push_subscriptions")
    .innerJoin("accounts", "accounts.id", "push_subscriptions.account_id")
    .select(["endpoint", "p256dh", "auth"])
    .where("push_subscriptions.id", "=", id)
    .where("accounts.disabled_at", "is", null)
    .executeTakeFirst();
  return row && { endpoint: row.endpoint, keys: { p256dh: row.p256dh, auth: row.auth } };
}

/** Its push service says that there is no such device any more (RFC 8030 7.3). */
export async function forgetDevice(db: Kysely<Database>, id: string): Promise<void> {
  await db.deleteFrom("push_subscriptions").where("id", "=", id).execute();
}

async function makeRoom(trx: Transaction<Database>, accountId: string): Promise<void> {
  const kept = trx
    .selectFrom("push_subscriptions")
    .select("id")
    .where("account_id", "=", accountId)
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(DEVICES_AT_MOST);
  await trx.deleteFrom("push_subscriptions").where("account_id", "=", accountId).where("id", "not in", kept).execute();
}

const tell = (trx: Transaction<Database>, { id, division }: Account, action: string, actor: Actor, at: number) =>
  appendAudit(trx, { at, actor, subject: "account", subjectId: id, division, action });
