import { type Account, coversDivision, type DivisionCode } from "@hotgrid/contracts";
import { type Clock, Rejected } from "@hotgrid/runtime";
import type { Kysely, Selectable, Transaction } from "kysely";
import { accountOf } from "./account-store.ts";
import { appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import type { InspectionGrantsTable } from "./tables/tickets.ts";

/** Epoch ms UTC; until is exclusive. */
export interface InspectionGrant {
  readonly division: DivisionCode;
  readonly until: number;
  readonly grantedAt: number;
  readonly grantedBy: string;
}

export interface Inspector {
  readonly account: Account;
  /** The latest, expired or not; null: none, or revoked. */
  readonly grant: InspectionGrant | null;
}

/** Longest grant, days. Ours: a contract is renewed every year, and so is what it allows. */
const LONGEST_GRANT_DAYS = 366;
const DAY_MS = 86_400_000;

/** The account with the rights that it has now: an inspector's reach is the division that was granted, and without a
 *  grant that holds there are none. Everybody else is as he or she is. */
export async function effectiveAccount(
  db: Kysely<Database>,
  account: Account,
  now: number,
): Promise<Account | undefined> {
  if (account.role !== "inspector") return account;
  const grant = await db
    .selectFrom("inspection_grants")
    .select("division")
    .where("account_id", "=", account.id)
    .where("until", ">", now)
    .executeTakeFirst();
  return grant && { ...account, division: grant.division };
}

/** Which inspector may look at what, until when. One grant an account: a firm that inspects for two counties has two.
 *  Every change is in the audit log. */
export class InspectionGrantStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;
  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  effective(account: Account): Promise<Account | undefined> {
    return effectiveAccount(this.#db, account, this.#clock.now());
  }

  /** Every inspector that is not disabled, by id. */
  async list(): Promise<readonly Inspector[]> {
    const rows = await this.#db
      .selectFrom("accounts")
      .leftJoin("inspection_grants as g", "g.account_id", "accounts.id")
      .select(["id", "name", "role", "accounts.division", "officer_id"])
      .select(["g.division as granted", "g.until", "g.granted_at", "g.granted_by"])
      .where("role", "=", "inspector")
      .where("disabled_at", "is", null)
      .orderBy("id")
      .execute();
    return rows.map(({ granted, until, granted_at, granted_by, ...row }) => {
      const whole = granted !== null && until !== null && granted_at !== null && granted_by !== null;
      const grant = whole ? { division: granted, until, grantedAt: granted_at, grantedBy: granted_by } : null;
      return { account: accountOf(row), grant };
    });
  }

  /** Grants, renews or changes. Throws Rejected: "unknown-inspector", "bad-until", "outside-division" (of who grants or
   *  of the inspector's account), "granted-elsewhere" (somebody else's grant holds). */
  async grant(
    accountId: string,
    { division, until }: { readonly division: DivisionCode; readonly until: number },
    by: Account,
    address: string | null,
  ): Promise<void> {
    const now = this.#clock.now();
    if (until <= now || until - now > LONGEST_GRANT_DAYS * DAY_MS) throw badUntil();
    await this.#db.transaction().execute(async (trx) => {
      const inspector = await inspectorOf(trx, accountId);
      if (!coversDivision(by.division, division) || !coversDivision(inspector.division, division)) throw outside();
      const before = await grantOf(trx, accountId);
      if (before && before.until > now && !coversDivision(by.division, before.division)) throw elsewhere();
      const row = { account_id: accountId, division, until, granted_at: now, granted_by: by.id };
      await trx
        .insertInto("inspection_grants")
        .values(row)
        .onConflict((oc) => oc.column("account_id").doUpdateSet(row))
        .execute();
      const subject = { subject: "inspection", subjectId: accountId, division } as const;
      const actor = { account: by.id, address };
      await appendAudit(trx, { at: now, actor, ...subject, action: "grant", details: { until } });
    });
  }

  /** At once. Throws Rejected "unknown-grant" where there is none that who asks may take away. */
  async revoke(accountId: string, by: Account, address: string | null): Promise<void> {
    const now = this.#clock.now();
    await this.#db.transaction().execute(async (trx) => {
      const grant = await grantOf(trx, accountId);
      if (!grant || !coversDivision(by.division, grant.division)) throw unknownGrant(accountId);
      await trx.deleteFrom("inspection_grants").where("account_id", "=", accountId).execute();
      const subject = { subject: "inspection", subjectId: accountId, division: grant.division } as const;
      await appendAudit(trx, { at: now, actor: { account: by.id, address }, ...subject, action: "revoke" });
    });
  }
}

const grantOf = (trx: Transaction<Database>, id: string): Promise<Selectable<InspectionGrantsTable> | undefined> =>
  trx.selectFrom("inspection_grants").selectAll().where("account_id", "=", id).executeTakeFirst();

async function inspectorOf(trx: Transaction<Database>, id: string): Promise<Account> {
  const rows = trx.selectFrom("accounts").selectAll().where("id", "=", id).where("role", "=", "inspector");
  const row = await rows.where("disabled_at", "is", null).executeTakeFirst();
  if (row) return accountOf(row);
  throw new Rejected("unknown-inspector", { zh: `没有核查账号 ${id}`, en: `there is no inspector ${id}` }, "id");
}

const badUntil = (): Rejected => {
  const zh = `截止时间须在将来，且不超过 ${LONGEST_GRANT_DAYS} 天`;
  return new Rejected("bad-until", { zh, en: `until has to be ahead, within ${LONGEST_GRANT_DAYS} days` }, "until");
};

const outside = (): Rejected => {
  const zh = "该区划不在您的辖区内，或超出该核查账号可授权的范围";
  const en = "the division is outside yours, or wider than this inspector may be granted";
  return new Rejected("outside-division", { zh, en }, "division");
};

const elsewhere = (): Rejected => {
  const zh = "该账号正持有其他辖区的授权，请让该单位另用一个账号";
  const en = "this account holds another division's grant: let the firm use a second account";
  return new Rejected("granted-elsewhere", { zh, en }, "id");
};

const unknownGrant = (id: string): Rejected =>
  new Rejected("unknown-grant", { zh: `没有可撤销的授权 ${id}`, en: `there is no grant of ${id} to revoke` }, "id");
