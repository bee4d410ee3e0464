import type { Account } from "@hotgrid/contracts";
import { type Clock, Rejected } from "@hotgrid/runtime";
import type { Kysely, Selectable, Transaction } from "kysely";
import { type Actor, appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { lockAfter } from "./login-lockout.ts";
import { isTotpCode, matchTotp, newTotpSecret } from "./match-totp.ts";
import { newRecoveryCodes, recoveryCodeHash } from "./recovery-codes.ts";
import type { AccountTotpTable } from "./tables/logins.ts";
import { sealTotp, type TotpKey, totpUnreadable, unsealTotp } from "./totp-key.ts";

/** What a code was: one of the app, one of the recovery codes, or nothing. Say the same to people for the last three. */
export type CodeVerdict = "app" | "recovery-code" | "wrong-code" | "locked" | "not-enabled";

export interface TotpStatus {
  /** Epoch ms; null: there is none. */
  readonly enabledAt: number | null;
  readonly recoveryCodesLeft: number;
}

type Who = Pick<Account, "id" | "division">;

/** The second factor of accounts: codes of an authenticator app (RFC 6238), each good for once, and recovery codes. The
 *  secrets are sealed; without their key a code of an app is "totp-unreadable" (Rejected, and not counted as an attempt),
 *  while recovery codes go on. */
export class TotpStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  readonly #key: TotpKey | null;

  /** @param clock the wall's: phones have no other
   *  @param key null: it is lost, or nothing is to be read */
  constructor(db: Kysely<Database>, clock: Clock, key: TotpKey | null) {
    this.#db = db;
    this.#clock = clock;
    this.#key = key;
  }

  async status(accountId: string): Promise<TotpStatus> {
    const enabledAt = await totpEnabledAt(this.#db, accountId);
    if (enabledAt === null) return { enabledAt, recoveryCodesLeft: 0 };
    const { left } = await this.#db
      .selectFrom("account_recovery_codes")
      .select((eb) => eb.fn.countAll<number>().as("left"))
      .where("account_id", "=", accountId)
      .executeTakeFirstOrThrow();
    return { enabledAt, recoveryCodesLeft: Number(left) };
  }

  /** A new secret (Base32), worth nothing until it was confirmed; one that was begun before is void.
   *  Throws Rejected: "totp-enabled", "totp-unreadable". */
  async begin(accountId: string): Promise<string> {
    if (this.#key === null) throw totpUnreadable(accountId);
    const secret = newTotpSecret();
    const sealed = sealTotp(this.#key, accountId, secret);
    await this.#db.transaction().execute(async (trx) => {
      if ((await totpEnabledAt(trx, accountId)) !== null) throw alreadyEnabled();
      await trx.deleteFrom("account_totp").where("account_id", "=", accountId).execute();
      const counters = { confirmed_at: null, last_step: 0, failed: 0, locked_until: null };
      await trx
        .insertInto("account_totp")
        .values({ account_id: accountId, secret: sealed, created_at: this.#clock.now(), ...counters })
        .execute();
    });
    return secret;
  }

  /** The first code proves that the app has the secret. Answers the recovery codes, this once.
   *  Throws Rejected: "no-enrolment", "totp-enabled", "wrong-code", "totp-unreadable". */
  confirm(who: Who, code: string, by: Actor): Promise<readonly string[]> {
    const now = this.#clock.now();
    return this.#db.transaction().execute(async (trx) => {
      const row = await rowOf(trx, who.id);
      if (row === undefined) throw noEnrolment();
      if (row.confirmed_at !== null) throw alreadyEnabled();
      const step = this.#stepOf(row, code, now);
      if (step === null) throw wrongCode();
      await trx
        .updateTable("account_totp")
        .set({ confirmed_at: now, last_step: step })
        .where("account_id", "=", who.id)
        .execute();
      const codes = newRecoveryCodes();
      const rows = codes.map((each) => ({ account_id: who.id, code_hash: recoveryCodeHash(each) }));
      await trx.insertInto("account_recovery_codes").values(rows).execute();
      await appendAudit(trx, { ...ofAccount(who, by, now), action: "totp-enabled" });
      return codes;
    });
  }

  /** The attempt is counted before the code is looked at, as for passwords; a right one is used up.
   *  @param purpose login: the audit log tells of it as the login that it completes. */
  check(who: Who, code: string, purpose: "login" | "confirmation", address: string | null): Promise<CodeVerdict> {
    const now = this.#clock.now();
    return this.#db.transaction().execute(async (trx) => {
      const row = await admit(trx, who.id, now);
      if (typeof row === "string") return row;
      const verdict = await take(trx, row, code, { step: this.#stepOf(row, code, now), now });
      const event = { at: now, actor: { account: who.id, address }, division: who.division } as const;
      const login = { ...event, subject: "login", subjectId: who.id } as const;
      if (verdict === "wrong-code") await appendAudit(trx, { ...login, action: "wrong-code" });
      else if (purpose === "login") {
        await appendAudit(trx, { ...login, action: "login", details: { secondFactor: verdict } });
      }
      return verdict;
    });
  }

  /** Null too for what is no code of an app: a recovery code needs no key. */
  #stepOf({ account_id: accountId, secret }: Selectable<AccountTotpTable>, code: string, now: number): number | null {
    return isTotpCode(code) ? matchTotp(unsealTotp(this.#key, accountId, secret), code, now) : null;
  }

  /** Ends every session of the account, too. Throws Rejected "not-enabled".
   *  @param action as the audit log has it: by the person, or by an administrator who was asked for help. */
  async remove(who: Who, by: Actor, action: "totp-disabled" | "totp-reset"): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom("account_totp")
        .where("account_id", "=", who.id)
        .where("confirmed_at", "is not", null)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) throw notEnabled();
      await trx.deleteFrom("sessions").where("account_id", "=", who.id).execute();
      await appendAudit(trx, { ...ofAccount(who, by, this.#clock.now()), action });
    });
  }
}

/** When the second factor of an account was confirmed, epoch ms; null: it has none. */
export async function totpEnabledAt(db: Kysely<Database>, accountId: string): Promise<number | null> {
  return (await rowOf(db, accountId))?.confirmed_at ?? null;
}

const rowOf = (db: Kysely<Database>, accountId: string): Promise<Selectable<AccountTotpTable> | undefined> =>
  db.selectFrom("account_totp").selectAll().where("account_id", "=", accountId).executeTakeFirst();

/** Counts the attempt, in one statement: two at once are two. */
async function admit(
  trx: Transaction<Database>,
  accountId: string,
  now: number,
): Promise<"locked" | "not-enabled" | Selectable<AccountTotpTable>> {
  const row = await trx
    .updateTable("account_totp")
    .set((eb) => ({ failed: eb("failed", "+", 1) }))
    .where("account_id", "=", accountId)
    .where("confirmed_at", "is not", null)
    .where((eb) => eb.or([eb("locked_until", "is", null), eb("locked_until", "<=", now)]))
    .returningAll()
    .executeTakeFirst();
  if (row) return row;
  return (await totpEnabledAt(trx, accountId)) === null ? "not-enabled" : "locked";
}

async function take(
  trx: Transaction<Database>,
  row: Selectable<AccountTotpTable>,
  code: string,
  { step, now }: { readonly step: number | null; readonly now: number },
): Promise<"app" | "recovery-code" | "wrong-code"> {
  const of = row.account_id;
  const change = (values: Partial<AccountTotpTable>) =>
    trx.updateTable("account_totp").set(values).where("account_id", "=", of).execute();
  if (step !== null && step > row.last_step) {
    await change({ last_step: step, failed: 0, locked_until: null });
    return "app";
  }
  const { numDeletedRows } = await trx
    .deleteFrom("account_recovery_codes")
    .where("account_id", "=", of)
    .where("code_hash", "=", recoveryCodeHash(code))
    .executeTakeFirstOrThrow();
  await change(
    numDeletedRows === 0n ? { locked_until: lockAfter(row.failed, now) } : { failed: 0, locked_until: null },
  );
  return numDeletedRows === 0n ? "wrong-code" : "recovery-code";
}

const ofAccount = ({ id, division }: Who, actor: Actor, at: number) =>
  ({ at, actor, division, subject: "account", subjectId: id }) as const;

const rejected = (reason: string, zh: string, en: string, field = "code"): Rejected =>
  new Rejected(reason, { zh, en }, field);
const alreadyEnabled = () =>
  rejected("totp-enabled", "动态口令已启用,请先停用", "one-time codes are on already; turn them off first", "account");
const noEnrolment = () =>
  rejected("no-enrolment", "请先开始绑定动态口令", "begin with the enrolment of an authenticator app", "account");
const notEnabled = () =>
  rejected("not-enabled", "该账号没有启用动态口令", "the account has no one-time codes", "account");
const wrongCode = () =>
  rejected("wrong-code", "动态口令不正确,请核对手机时间", "the code is wrong; check that the phone's time is right");
