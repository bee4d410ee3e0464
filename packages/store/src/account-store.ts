import type { Account, Role } from "@hotgrid/contracts";
import { type Clock, Rejected } from "@hotgrid/runtime";
import type { Kysely, Selectable } from "kysely";
import { type Actor, type AuditEvent, appendAudit, SYSTEM } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { lockAfter } from "./login-lockout.ts";
import { hashPassword, verifyPassword } from "./password-hash.ts";
import { checkPassword } from "./password-policy.ts";
import type { AccountsTable, SessionStage } from "./tables/people-and-stations.ts";
import { totpEnabledAt } from "./totp-store.ts";

export interface AccountEntry extends Account {
  readonly disabled: boolean;
}

/** Say the same to people for an unknown account and a wrong password: which accounts exist is nobody's business. */
export type LoginVerdict =
  | {
      readonly outcome: "ok";
      readonly account: Account;
      /** What the login may do next. */
      readonly stage: SessionStage;
    }
  | { readonly outcome: "unknown-account" | "wrong-password" | "disabled" }
  | { readonly outcome: "locked" /** Epoch ms. */; readonly until: number };

/** Who may log in. Passwords are kept as scrypt hashes; guessing is slowed down per account. Every change is in the
 *  audit log with who made it, and so are logins: those that were let in, and wrong passwords. */
export class AccountStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  readonly #requireTotp: readonly Role[];
  /** Verified against where there is no account, so that the time of an answer tells nothing either. */
  readonly #nobody = hashPassword("");

  /** @param requireTotp roles that get no further than the enrolment of a second factor while they have none. */
  constructor(db: Kysely<Database>, clock: Clock, requireTotp: readonly Role[] = []) {
    this.#db = db;
    this.#clock = clock;
    this.#requireTotp = requireTotp;
  }

  async find(id: string): Promise<AccountEntry | undefined> {
    const row = await this.#db.selectFrom("accounts").selectAll().where("id", "=", id).executeTakeFirst();
    return row && accountEntry(row);
  }

  async list(): Promise<readonly AccountEntry[]> {
    return (await this.#db.selectFrom("accounts").selectAll().orderBy("id").execute()).map(accountEntry);
  }

  /** Throws Rejected: "account-exists", or what the password policy says. */
  async create(account: Account, password: string, by: Actor = SYSTEM): Promise<void> {
    checkPassword(password, account.id);
    const hash = await hashPassword(password);
    const now = this.#clock.now();
    await this.#db.transaction().execute(async (trx) => {
      const { numInsertedOrUpdatedRows } = await trx
        .insertInto("accounts")
        .values(accountRow(account, hash, now))
        .onConflict((oc) => oc.doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) {
        const text = { zh: `账号 ${account.id} 已存在`, en: `account ${account.id} exists already` };
        throw new Rejected("account-exists", text, "id");
      }
      const { name, role, officerId } = account;
      await appendAudit(trx, { ...ofAccount(account, by, now), action: "create", details: { name, role, officerId } });
    });
  }

  /** Ends every session of the account, too: whoever knew the old password is out. */
  async setPassword(id: string, password: string, by: Actor = SYSTEM): Promise<void> {
    checkPassword(password, id);
    const change = { password_hash: await hashPassword(password), failed_logins: 0, locked_until: null };
    await this.#change(id, change, "password", by);
  }

  async disable(id: string, by: Actor = SYSTEM): Promise<void> {
    await this.#change(id, { disabled_at: this.#clock.now() }, "disable", by);
  }

  async enable(id: string, by: Actor = SYSTEM): Promise<void> {
    await this.#change(id, { disabled_at: null, failed_logins: 0, locked_until: null }, "enable", by);
  }

  /** The attempt is counted before the password is looked at and forgiven where it was right: a hundred guesses sent
   *  at once are a hundred guesses.
   *  @param address from which somebody tries. */
  async verify(id: string, password: string, address: string | null = null): Promise<LoginVerdict> {
    const tried = await this.#try(id, password, address);
    if ("outcome" in tried) return tried;
    const account = accountOf(tried);
    const stage = await this.stageOf(account);
    const action = stage === "full" ? "login" : "password-accepted";
    await this.#db
      .transaction()
      .execute((trx) => appendAudit(trx, { ...ofLogin(account, address, this.#clock.now()), action }));
    return { outcome: "ok", account, stage };
  }

  /** Whether it is really the one who is logged in, before something that a thief of the session must not do. Counted
   *  as a login's attempt. */
  async confirmPassword(id: string, password: string, address: string): Promise<boolean> {
    return !("outcome" in (await this.#try(id, password, address)));
  }

  /** How far a login comes that has proved the first factor. */
  async stageOf({ id, role }: Account): Promise<SessionStage> {
    if ((await totpEnabledAt(this.#db, id)) !== null) return "second-factor";
    return this.#requireTotp.includes(role) ? "enrolment" : "full";
  }

  async #try(
    id: string,
    password: string,
    address: string | null,
  ): Promise<Exclude<LoginVerdict, { outcome: "ok" }> | Selectable<AccountsTable>> {
    const admitted = await this.#admit(id);
    if ("outcome" in admitted) {
      if (admitted.outcome === "unknown-account") await verifyPassword(password, await this.#nobody);
      return admitted;
    }
    if (!(await verifyPassword(password, admitted.password_hash))) {
      const tried = ofLogin(accountOf(admitted), address, this.#clock.now());
      await this.#db.transaction().execute((trx) => appendAudit(trx, { ...tried, action: "wrong-password" }));
      return { outcome: "wrong-password" };
    }
    await this.#db
      .updateTable("accounts")
      .set({ failed_logins: 0, locked_until: null })
      .where("id", "=", id)
      .where("password_hash", "=", admitted.password_hash)
      .execute();
    return admitted;
  }

  #admit(id: string): Promise<Exclude<LoginVerdict, { outcome: "ok" }> | Selectable<AccountsTable>> {
    const now = this.#clock.now();
    return this.#db.transaction().execute(async (trx) => {
      const row = await trx.selectFrom("accounts").selectAll().where("id", "=", id).executeTakeFirst();
      if (row === undefined) return { outcome: "unknown-account" };
      if (row.disabled_at !== null) return { outcome: "disabled" };
      if (row.locked_until !== null && row.locked_until > now) return { outcome: "locked", until: row.locked_until };
      const failed = row.failed_logins + 1;
      const change = { failed_logins: failed, locked_until: lockAfter(failed, now) };
      await trx.updateTable("accounts").set(change).where("id", "=", id).execute();
      return row;
    });
  }

  async #change(
    id: string,
    change: Partial<Omit<Selectable<AccountsTable>, "id">>,
    action: string,
    by: Actor,
  ): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const row = await trx.updateTable("accounts").set(change).where("id", "=", id).returningAll().executeTakeFirst();
      if (row === undefined) {
        throw new Rejected("unknown-account", { zh: `账号 ${id} 不存在`, en: `there is no account ${id}` }, "id");
      }
      await trx.deleteFrom("sessions").where("account_id", "=", id).execute();
      await appendAudit(trx, { ...ofAccount(accountOf(row), by, this.#clock.now()), action });
    });
  }
}

type AuditSubject = Omit<AuditEvent, "action" | "details">;

const ofAccount = ({ id, division }: Account, actor: Actor, at: number): AuditSubject => ({
  ...{ at, actor, division },
  subject: "account",
  subjectId: id,
});

const ofLogin = ({ id, division }: Account, address: string | null, at: number): AuditSubject => ({
  ...{ at, actor: { account: id, address }, division },
  subject: "login",
  subjectId: id,
});

export const accountRow = (account: Account, passwordHash: string, createdAt: number) => ({
  id: account.id,
  name: account.name,
  role: account.role,
  division: account.division,
  officer_id: account.officerId,
  password_hash: passwordHash,
  created_at: createdAt,
});

export const accountOf = (row: Pick<AccountsTable, "id" | "name" | "role" | "division" | "officer_id">): Account => ({
  id: row.id,
  name: row.name,
  role: row.role,
  division: row.division,
  officerId: row.officer_id,
});

const accountEntry = (row: Selectable<AccountsTable>): AccountEntry => ({
  ...accountOf(row),
  disabled: row.disabled_at !== null,
});
