import type { Account, Assignment, DivisionCode } from "@hotgrid/contracts";
import type { Trx } from "../ports.ts";

/** Undefined for one that is unknown or disabled: it may do nothing. */
export async function loadAccount(trx: Trx, id: string): Promise<Account | undefined> {
  const row = await trx
    .selectFrom("accounts")
    .select(["id", "name", "role", "division", "officer_id"])
    .where("id", "=", id)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  return row && { id: row.id, name: row.name, role: row.role, division: row.division, officerId: row.officer_id };
}

export const assignmentsIn = (trx: Trx, divisions: readonly DivisionCode[]): Promise<readonly Assignment[]> =>
  assignments(trx).where("division", "in", divisions).execute();

export const assignmentsOf = (trx: Trx, officerId: string): Promise<readonly Assignment[]> =>
  assignments(trx).where("officer_id", "=", officerId).execute();

const assignments = (trx: Trx) =>
  trx
    .selectFrom("assignments")
    .select(["officer_id as officerId", "division", "role", "term_from as from", "term_to as to"]);

/** Maintenance vendors whose accounts are for one of these divisions, or (with `officerId`) that one wherever it is. */
export async function vendors(trx: Trx, of: { divisions: readonly DivisionCode[] } | { officerId: string }) {
  const accounts = trx
    .selectFrom("accounts")
    .select(["officer_id", "division"])
    .where("role", "=", "maintenance")
    .where("disabled_at", "is", null)
    .orderBy("id");
  const rows = await ("divisions" in of
    ? accounts.where("division", "in", of.divisions)
    : accounts.where("officer_id", "=", of.officerId)
  ).execute();
  return rows.flatMap(({ officer_id, division }) => (officer_id === null ? [] : [{ officerId: officer_id, division }]));
}
