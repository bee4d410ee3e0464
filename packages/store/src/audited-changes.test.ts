import { ManualClock } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AccountStore } from "./account-store.ts";
import { AuditStore } from "./audit-store.ts";
import { type Database, openDatabase } from "./database.ts";
import { PeopleStore } from "./people-store.ts";
import { seedDatabase } from "./seed-database.ts";
import { SessionStore } from "./session-store.ts";
import { StationDirectory } from "./station-directory.ts";

const VILLAGE = "330602001001";
const by = { account: "root", address: "10.0.0.7" };
const li = { id: "li", name: "李强", role: "officer", division: VILLAGE, officerId: null } as const;
const station = {
  ...({ id: "HG-1", name: "一号", kind: "micro", lon: 120, lat: 30, division: VILLAGE } as const),
  properties: ["pm25" as const],
  intervalSeconds: 60,
};
const NO_ROSTERS = { shifts: [], leaves: [], calendar: [] };
const clock = new ManualClock(1_000_000);

let db: Kysely<Database>;
let audit: AuditStore;
beforeEach(async () => {
  db = await openDatabase(":memory:");
  audit = new AuditStore(db);
});
afterEach(() => db.destroy());

const told = async () => {
  expect((await audit.verify()).problem).toBeNull();
  const { items } = await audit.list({ division: "330600", limit: 100 });
  return items
    .toReversed()
    .map(({ account, address, subject, subjectId, division, action }) =>
      [account, address, subject, subjectId, division, action].join(" "),
    );
};

test("accounts: made, disabled, enabled, given a password, with who did it; never the password or its hash", async () => {
  const accounts = new AccountStore(db, clock);
  await accounts.create(li, "a good password", by);
  await accounts.disable("li", by);
  await accounts.enable("li", by);
  await accounts.setPassword("li", "another password", by);
  expect(await told()).toEqual(
    ["create", "disable", "enable", "password"].map((action) => `root 10.0.0.7 account li ${VILLAGE} ${action}`),
  );
  const stored = JSON.stringify(await db.selectFrom("audit").selectAll().execute());
  expect(stored).not.toMatch(/scrypt|good|another/);
});

test("logins: let in, refused for the password, and ended", async () => {
  const accounts = new AccountStore(db, clock);
  const sessions = new SessionStore(db, clock);
  await accounts.create(li, "a good password", by);
  await accounts.verify("li", "wrong password", "10.9.9.9");
  await accounts.verify("li", "a good password", "10.1.1.1");
  const { token } = await sessions.create("li");
  await sessions.logOut(token, li, "10.1.1.1");
  expect(await sessions.find(token)).toBeUndefined();
  expect((await told()).slice(1)).toEqual([
    `li 10.9.9.9 login li ${VILLAGE} wrong-password`,
    `li 10.1.1.1 login li ${VILLAGE} login`,
    `li 10.1.1.1 login li ${VILLAGE} logout`,
  ]);
});

test("guesses beyond the lockout and names that nobody has don't fill the log", async () => {
  const accounts = new AccountStore(db, clock);
  await accounts.create(li, "a good password", by);
  for (let n = 0; n < 7; n++) await accounts.verify("li", "wrong password");
  await accounts.verify("my password by mistake", "x");
  expect(await told()).toHaveLength(1 + 5);
});

test("assignments and officers: put and ended; a refused import leaves nothing", async () => {
  const people = new PeopleStore(db);
  const assignment = { officerId: "li", division: VILLAGE, role: "primary", from: 0, to: null } as const;
  await people.upsert({ officers: [{ id: "li", name: "李强", phone: "1" }], assignments: [assignment] }, by);
  await people.endTerm("li", VILLAGE, 500, by);
  const stranger = { ...assignment, officerId: "nobody" };
  await expect(people.upsert({ officers: [], assignments: [assignment, stranger] }, by)).rejects.toThrow();
  const who = "root 10.0.0.7";
  expect(await told()).toEqual([
    `${who} officer li  put`,
    `${who} assignment li ${VILLAGE} put`,
    `${who} assignment li ${VILLAGE} end`,
  ]);
});

test("stations: put, given a credential, retired; never the secret's hash", async () => {
  const stations = await StationDirectory.open(db);
  await stations.upsert([station], by);
  await stations.setSecretHash("HG-1", "the-hash", by);
  await stations.retire("HG-1", 1, by);
  expect(await told()).toEqual(
    ["put", "credential", "retire"].map((action) => `root 10.0.0.7 station HG-1 ${VILLAGE} ${action}`),
  );
  expect(JSON.stringify(await db.selectFrom("audit").selectAll().execute())).not.toContain("the-hash");
});

test("seeds: told once, by the system, with how much they added", async () => {
  const seeds = {
    city: { code: "330600" },
    stations: [station],
    officers: [{ id: "li", name: "李强", phone: "1" }],
    assignments: [],
    ...NO_ROSTERS,
  };
  await seedDatabase(db, seeds);
  await seedDatabase(db, seeds);
  const { items } = await audit.list({ division: "330600", limit: 10 });
  expect(items).toMatchObject([{ account: "system", subject: "seeds", details: { stations: 1, officers: 1 } }]);
});
