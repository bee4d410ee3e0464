import type { Account } from "@hotgrid/contracts";
import { createGrid, type Grid } from "@hotgrid/grid";
import { ManualClock } from "@hotgrid/runtime";
import { type Database, InspectionGrantStore, openDatabase, PeopleStore } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** A city of one county, one town and two villages side by side, with an officer `O-{division}` for each. */
const DIVISIONS = [
  { code: "330600", name: "绍兴市", level: "city", parent: null },
  { code: "330602", name: "越城区", level: "county", parent: "330600" },
  { code: "330602001", name: "塔山街道", level: "town", parent: "330602" },
  { code: "330602001001", name: "一村", level: "village", parent: "330602001" },
  { code: "330602001002", name: "二村", level: "village", parent: "330602001" },
] as const;
export const VILLAGE = "330602001001";
export const SECOND = "330602001002";
/** Where S1 and S2 stand, one in each village; WGS-84. */
export const PLACES = { S1: { lon: 120.005, lat: 30.005 }, S2: { lon: 120.015, lat: 30.005 } } as const;
/** 10:00 in the city. */
export const START = Date.parse("2026-11-22T10:00:00+08:00");

export function cityGrid(): Grid {
  const areas = new Map(
    DIVISIONS.map(({ code }) => {
      const [west, east] = code === SECOND ? [120.01, 120.02] : [120, code === VILLAGE ? 120.01 : 120.02];
      const ring: [number, number][] = [
        [west, 30],
        [east, 30],
        [east, 30.01],
        [west, 30.01],
        [west, 30],
      ];
      return [code, { type: "Polygon" as const, coordinates: [ring] }];
    }),
  );
  const divisions = DIVISIONS.map((one) => ({
    ...one,
    ...PLACES[one.code === SECOND ? "S2" : "S1"],
    approximate: true,
  }));
  return createGrid({ city: "330600", divisions, areas });
}

const STAFF: readonly Account[] = [
  { id: "supervisor", name: "督办员", role: "supervisor", division: "330602", officerId: null },
  { id: "administrator", name: "管理员", role: "administrator", division: "330600", officerId: null },
  { id: "inspector", name: "核查员", role: "inspector", division: "330600", officerId: null },
];

/** Makes the city's database, before any process runs. */
export async function foundCity(file: string): Promise<void> {
  const db = await openDatabase(file);
  await populateCity(db);
  await db.destroy();
}

/** Puts the city into an empty database. */
export async function populateCity(db: Kysely<Database>): Promise<void> {
  const officers = DIVISIONS.map(({ code, name }) => ({ id: `O-${code}`, name: `${name}网格员`, phone: `O-${code}` }));
  const assignments = DIVISIONS.map(({ code: division }) => ({
    ...{ officerId: `O-${division}`, division, role: "primary" as const, from: 0, to: null },
  }));
  await new PeopleStore(db).upsert({ officers, assignments });
  const field = DIVISIONS.map(
    ({ code, name }): Account => ({ id: `O-${code}`, name, role: "officer", division: code, officerId: `O-${code}` }),
  );
  for (const { officerId, ...account } of [...field, ...STAFF]) {
    const row = { ...account, officer_id: officerId, password_hash: "", created_at: 0, disabled_at: null };
    await db
      .insertInto("accounts")
      .values({ ...row, locked_until: null })
      .execute();
  }
  const station = { name: "", kind: "micro", properties: "[]", interval_seconds: 60, secret_hash: null } as const;
  for (const [id, place] of Object.entries(PLACES)) {
    const division = id === "S1" ? VILLAGE : SECOND;
    await db
      .insertInto("stations")
      .values({ id, ...station, ...place, division, retired_at: null })
      .execute();
  }
  const grants = new InspectionGrantStore(db, new ManualClock(START));
  const [, administrator] = STAFF;
  if (administrator) {
    const until = START + 300 * 86_400_000;
    await grants.grant("inspector", { division: "330600", until }, administrator, null);
  }
}
