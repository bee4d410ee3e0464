import {
  type Account,
  type Assignment,
  type DivisionCode,
  type DivisionLevel,
  divisionLevel,
} from "@hotgrid/contracts";
import { type Clock, SystemClock } from "@hotgrid/runtime";
import type { Kysely, Transaction } from "kysely";
import { accountRow } from "./account-store.ts";
import { appendAudit, SYSTEM } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { inChunks } from "./in-chunks.ts";
import { hashPassword } from "./password-hash.ts";
import type { People } from "./people-store.ts";

export interface DemoSeeds extends People {
  readonly city: { readonly code: DivisionCode };
  readonly divisions: readonly { readonly code: DivisionCode; readonly name: string }[];
}

/** The demo's logins: `operator`, `administrator`, `viewer` and `inspector` (granted for a year) of the city; `supervisor-{code}` for the city, every
 *  county and town; and an account for every officer with an assignment, under the officer's id, which is one of
 *  maintenance for a vendor.
 *
 *  DEMO ONLY: every account has the same password and, because hashing a thousand times takes minutes, the very same
 *  hash. Accounts that exist keep their password. Answers the accounts that it made. */
export async function seedDemoAccounts(
  db: Kysely<Database>,
  seeds: DemoSeeds,
  password: string,
  clock: Clock = new SystemClock(),
): Promise<readonly Account[]> {
  const present = new Set((await db.selectFrom("accounts").select("id").execute()).map((row) => row.id));
  const missing = demoAccounts(seeds).filter((account) => !present.has(account.id));
  if (missing.length === 0) return [];
  const hash = await hashPassword(password);
  const now = clock.now();
  await db.transaction().execute(async (trx) => {
    for (const chunk of inChunks(missing)) {
      await trx
        .insertInto("accounts")
        .values(chunk.map((account) => accountRow(account, hash, now)))
        .onConflict((oc) => oc.doNothing())
        .execute();
    }
    if (missing.some(({ id }) => id === INSPECTOR)) await grantInspector(trx, seeds.city.code, now);
    const event = { at: now, actor: SYSTEM, subject: "seeds", subjectId: "demo-accounts", division: null } as const;
    await appendAudit(trx, { ...event, action: "add", details: { accounts: missing.length } });
  });
  return missing;
}

async function grantInspector(trx: Transaction<Database>, division: DivisionCode, now: number): Promise<void> {
  const grant = { division, until: now + GRANT_MS, granted_at: now, granted_by: SYSTEM.account };
  await trx
    .insertInto("inspection_grants")
    .values({ account_id: INSPECTOR, ...grant })
    .execute();
}

export function demoAccounts({ city, divisions, officers, assignments }: DemoSeeds): readonly Account[] {
  const staff: Account[] = [
    { id: "operator", name: "值班员", role: "operator", division: city.code, officerId: null },
    { id: "administrator", name: "系统管理员", role: "administrator", division: city.code, officerId: null },
    { id: INSPECTOR, name: "第三方核查员", role: "inspector", division: city.code, officerId: null },
    { id: "viewer", name: "访客", role: "viewer", division: city.code, officerId: null },
  ];
  const supervisors = divisions
    .filter(({ code }) => divisionLevel(code) !== "village")
    .map(
      ({ code, name }): Account => ({
        id: `supervisor-${code}`,
        name: `${name}督办员`,
        role: "supervisor",
        division: code,
        officerId: null,
      }),
    );
  const homes = homeDivisions(assignments);
  const vendors = new Set(assignments.filter(({ role }) => role === "maintenance").map(({ officerId }) => officerId));
  const field = officers.flatMap(({ id, name }): Account[] => {
    const division = homes.get(id);
    const role = vendors.has(id) ? "maintenance" : "officer";
    return division === undefined ? [] : [{ id, name, role, division, officerId: id }];
  });
  return [...staff, ...supervisors, ...field];
}

const INSPECTOR = "inspector";
const GRANT_MS = 365 * 86_400_000;

const WIDTH: Readonly<Record<DivisionLevel, number>> = { city: 0, county: 1, town: 2, village: 3 };

/** Where an officer is at home: the widest division of which he or she is the primary officer, else the deputy. */
function homeDivisions(assignments: readonly Assignment[]): ReadonlyMap<string, DivisionCode> {
  const rank = ({ role, division }: Assignment) => (role === "primary" ? 0 : 10) + WIDTH[divisionLevel(division)];
  const widestFirst = assignments.toSorted((a, b) => rank(a) - rank(b));
  const homes = new Map<string, DivisionCode>();
  for (const { officerId, division } of widestFirst) if (!homes.has(officerId)) homes.set(officerId, division);
  return homes;
}
