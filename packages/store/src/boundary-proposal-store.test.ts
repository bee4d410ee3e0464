import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AuditStore } from "./audit-store.ts";
import { type BoundaryProposal, BoundaryProposalStore, type Settlement } from "./boundary-proposal-store.ts";
import { type Database, openDatabase } from "./database.ts";

const NOW = Date.parse("2026-11-22T10:00:00+08:00");
const proposal = (id: string, changes: Partial<BoundaryProposal> = {}): BoundaryProposal => ({
  ...{ id, ticketId: "261122-0001", at: NOW, accountId: "O-1", division: "330602001001", belongsTo: null },
  ...{ lon: 120.58, lat: 30, cell: "3306-R1C1", note: "不在本村" },
  ...changes,
});
const actor = { account: "supervisor", address: "10.0.0.1" };
const accepted: Settlement = { outcome: "accepted", note: "已核实", at: NOW + 1, actor };

let folder: string;
let database: Kysely<Database>;
let store: BoundaryProposalStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-boundaries-"));
  database = await openDatabase(join(folder, "hotgrid.db"));
  store = new BoundaryProposalStore(database);
});
afterEach(async () => {
  await database.destroy();
  rmSync(folder, { recursive: true });
});

const idsOf = async (division: string, settled = false) =>
  (await store.touching(division, settled)).map(({ id }) => id).toSorted();

test("a division sees what it loses and what it would get, and nothing else", async () => {
  await store.put(proposal("a"));
  await store.put(proposal("b", { division: "330603001001", belongsTo: "330602002002" }));
  await store.put(proposal("c", { division: "330603001001" }));
  expect(await idsOf("330602")).toEqual(["a", "b"]);
  expect(await idsOf("330602002")).toEqual(["b"]);
  expect(await idsOf("330600")).toEqual(["a", "b", "c"]);
});

test("one is settled once, and then is among the settled with its outcome", async () => {
  await store.put(proposal("a"));
  expect(await store.settle("a", accepted)).toBe(true);
  expect(await store.settle("a", { ...accepted, outcome: "refused" })).toBe(false);
  expect([await idsOf("330600"), await idsOf("330600", true)]).toEqual([[], ["a"]]);
  const settled = { outcome: "accepted", settledAt: NOW + 1, settledBy: "supervisor", settledNote: "已核实" };
  expect(await store.find("a")).toMatchObject(settled);
});

test("who settled it is in the audit log, with the address", async () => {
  await store.put(proposal("a"));
  await store.settle("a", accepted);
  const audit = new AuditStore(database);
  const { items } = await audit.list({ division: "330602", subject: "boundary", limit: 10 });
  expect(items).toMatchObject([{ action: "accepted", account: "supervisor", address: "10.0.0.1", subjectId: "a" }]);
  expect((await audit.verify()).problem).toBeNull();
});
