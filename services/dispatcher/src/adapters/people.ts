import type { Account, DivisionCode } from "@hotgrid/contracts";
import { effectiveAccount } from "@hotgrid/store";
import type { Trx } from "../ports.ts";

/** Undefined for one that is unknown, disabled, or an inspector's without a grant: it may do nothing. */
export async function loadAccount(trx: Trx, id: string, now: number): Promise<Account | undefined> {
  const row = await trx
    .selectFrom("accounts")
    .select(["id", "name", "role", "division", "officer_id"])
    .where("id", "=", id)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { officer_id: officerId, ...account } = row;
  return effectiveAccount(trx, { ...account, officerId }, now);
}

/** Where an officer has a duty, or a vendor a contract, at a moment: by assignment or by roster. */
export async function divisionsOf(trx: Trx, officerId: string, now: number): Promise<readonly DivisionCode[]> {
  const found = await Promise.all(
    (["assignments", "duty_shifts"] as const).map((table) =>
      trx
        .selectFrom(table)
        .select("division")
        .where("officer_id", "=", officerId)
        .where("term_from", "<=", now)
        .where((e) => e.or([e("term_to", "is", null), e("term_to", ">", now)]))
        .orderBy("division")
        .execute(),
    ),
  );
  return found.flat().map(({ division }) => division);
}
