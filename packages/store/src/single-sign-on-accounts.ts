import { randomBytes } from "node:crypto";
import type { Account } from "@hotgrid/contracts";
import type { Clock } from "@hotgrid/runtime";
import type { Kysely, Selectable, Transaction } from "kysely";
import { accountOf, accountRow } from "./account-store.ts";
import { appendAudit, SYSTEM } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { hashPassword } from "./password-hash.ts";
import type { AccountsTable } from "./tables/people-and-stations.ts";

/** Somebody for whom the provider vouches. */
export interface SignedOn {
  /** What `id` names: an account, or the officer who acts through one. */
  readonly names: "account" | "officer";
  readonly id: string;
  /** Of the person, for an account that is made. */
  readonly name: string;
  /** What a rule of the configuration gives to whom it fits; null: none does. */
  readonly grant: Pick<Account, "role" | "division"> | null;
}

export type SignOnVerdict =
  | { readonly outcome: "ok"; readonly account: Account }
  | { readonly outcome: "unknown-account" | "ambiguous" | "disabled" | "no-grant" };

/** The accounts behind a single sign-on. The provider says who somebody is; what he or she may do is ours: an account
 *  is there, or a rule makes one and keeps its rights up to date. Rules change no account that a person made. */
export class SingleSignOnAccounts {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  /** Of a password that nobody knows: an account that a rule makes has no other way in. Made once, hashing takes its time. */
  #noPassword: Promise<string> | null = null;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** @param address from which the person comes. */
  async admit(person: SignedOn, address: string): Promise<SignOnVerdict> {
    this.#noPassword ??= hashPassword(randomBytes(32).toString("base64url"));
    const hash = await this.#noPassword;
    const now = this.#clock.now();
    return this.#db.transaction().execute(async (trx) => {
      const [row, second] = await rowsOf(trx, person);
      if (second) return { outcome: "ambiguous" };
      const verdict = row ? await present(trx, row, person, now) : await absent(trx, person, hash, now);
      if (verdict.outcome === "ok") {
        const { id, division } = verdict.account;
        const subject = { subject: "login", subjectId: id, division } as const;
        await appendAudit(trx, { at: now, actor: { account: id, address }, ...subject, action: "single-sign-on" });
      }
      return verdict;
    });
  }
}

const rowsOf = (trx: Transaction<Database>, { names, id }: SignedOn) =>
  trx
    .selectFrom("accounts")
    .selectAll()
    .where(names === "account" ? "id" : "officer_id", "=", id)
    .limit(2)
    .execute();

async function absent(
  trx: Transaction<Database>,
  { names, id, name, grant }: SignedOn,
  hash: string,
  now: number,
): Promise<SignOnVerdict> {
  if (grant === null || names === "officer") return { outcome: "unknown-account" };
  const account: Account = { id, name, ...grant, officerId: null };
  await trx
    .insertInto("accounts")
    .values({ ...accountRow(account, hash, now), provisioned_by: "oidc" })
    .execute();
  await tell(trx, account, "create", now);
  return { outcome: "ok", account };
}

async function present(
  trx: Transaction<Database>,
  row: Selectable<AccountsTable>,
  { grant }: SignedOn,
  now: number,
): Promise<SignOnVerdict> {
  if (row.disabled_at !== null) return { outcome: "disabled" };
  const account = accountOf(row);
  if (row.provisioned_by === null) return { outcome: "ok", account };
  const changed = grant === null || grant.role !== account.role || grant.division !== account.division;
  if (changed) await trx.deleteFrom("sessions").where("account_id", "=", account.id).execute();
  if (grant === null) return { outcome: "no-grant" };
  if (!changed) return { outcome: "ok", account };
  await trx.updateTable("accounts").set(grant).where("id", "=", account.id).execute();
  const renewed = { ...account, ...grant };
  await tell(trx, renewed, "rights", now);
  return { outcome: "ok", account: renewed };
}

const tell = (trx: Transaction<Database>, { id, role, division }: Account, action: string, at: number) =>
  appendAudit(trx, {
    ...{ at, actor: SYSTEM, subject: "account", subjectId: id, division, action },
    details: { role, division, by: "single-sign-on" },
  });
