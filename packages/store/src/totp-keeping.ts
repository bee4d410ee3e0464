import { Rejected } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import { type Actor, appendAudit } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { isSealed, KEY_CLAIM, sealTotp, type TotpKey } from "./totp-key.ts";

/** Seals what was stored as it is by releases before this one. Not among the migrations of the schema, which every
 *  process runs: the key is the console's alone.
 *  @returns how many were sealed */
export function sealPlainTotp(db: Kysely<Database>, key: TotpKey): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const rows = await trx.selectFrom("account_totp").select(["account_id", "secret"]).execute();
    const plain = rows.filter(({ secret }) => !isSealed(secret));
    for (const { account_id: accountId, secret } of plain) {
      await trx
        .updateTable("account_totp")
        .set({ secret: sealTotp(key, accountId, secret) })
        .where("account_id", "=", accountId)
        .execute();
    }
    return plain.length;
  });
}

/** The key is lost, or somebody else has it: takes the one-time codes of every account away, ends their sessions, and
 *  lets the console begin with another key. Each account is in the audit log. Throws Rejected "no-totp-key" where there
 *  never was one.
 *  @param at epoch ms, the wall's
 *  @returns the accounts that had one-time codes */
export function forgetTotpKey(db: Kysely<Database>, by: Actor, at: number): Promise<readonly string[]> {
  return db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx.deleteFrom("meta").where("key", "=", KEY_CLAIM).executeTakeFirstOrThrow();
    if (numDeletedRows === 0n)
      throw new Rejected("no-totp-key", {
        zh: "此库尚无动态口令密钥",
        en: "this database has no key of one-time codes",
      });
    const had = await trx
      .selectFrom("account_totp")
      .innerJoin("accounts", "accounts.id", "account_totp.account_id")
      .select(["accounts.id", "accounts.division"])
      .where("confirmed_at", "is not", null)
      .orderBy("accounts.id")
      .execute();
    await trx.deleteFrom("account_totp").execute();
    for (const { id, division } of had) {
      await trx.deleteFrom("sessions").where("account_id", "=", id).execute();
      const subject = { subject: "account", subjectId: id, division } as const;
      await appendAudit(trx, { ...subject, at, actor: by, action: "totp-reset", details: { lostKey: true } });
    }
    return had.map(({ id }) => id);
  });
}
