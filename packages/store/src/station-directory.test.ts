import type { Station, StationEvent } from "@hotgrid/contracts";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "./database.ts";
import { StationDirectory } from "./station-directory.ts";
import { StationStatusStore } from "./station-status-store.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";

const station: Station = {
  id: "HG-330602-001",
  name: "塔山街道站",
  kind: "micro",
  lon: 120.58,
  lat: 30.01,
  division: "330602001001",
  properties: ["pm25", "windSpeed"],
  intervalSeconds: 60,
};

let db: Kysely<Database>;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => db.destroy());

test("what another process changed shows after a refresh", async () => {
  const here = await StationDirectory.open(db);
  const there = await StationDirectory.open(db);
  await there.upsert([station]);
  await there.setSecretHash(station.id, "hash");
  expect(here.find(station.id)).toBeUndefined();
  await here.refresh();
  expect(here.find(station.id)).toEqual({ station, secretHash: "hash" });
  expect(here.all()).toEqual([station]);
});

test("an import changes a station and leaves its secret", async () => {
  const directory = await StationDirectory.open(db);
  await directory.upsert([station]);
  await directory.setSecretHash(station.id, "hash");
  await directory.upsert([{ ...station, name: "新名" }]);
  expect(directory.find(station.id)).toEqual({ station: { ...station, name: "新名" }, secretHash: "hash" });
});

test("a retired station is unknown and has no secret; an import brings it back without one", async () => {
  const directory = await StationDirectory.open(db);
  await directory.upsert([station]);
  await directory.setSecretHash(station.id, "hash");
  await directory.retire(station.id, 1000);
  expect(directory.find(station.id)).toBeUndefined();
  await directory.upsert([station]);
  expect(directory.find(station.id)?.secretHash).toBeNull();
});

test("secrets are issued to all stations or to none", async () => {
  const directory = await StationDirectory.open(db);
  await directory.upsert([station]);
  const hashes = new Map([
    [station.id, "hash"],
    ["HG-unknown", "hash"],
  ]);
  await expect(directory.setSecretHashes(hashes)).rejects.toThrow("no station HG-unknown");
  expect(directory.find(station.id)?.secretHash).toBeNull();
});

test("the newest event of a station counts, in whatever order they come and how often", async () => {
  const status = new StationStatusStore(db);
  const connection = (state: "online" | "offline", at: number, reason: string): StationEvent => ({
    kind: "connection",
    stationId: station.id,
    state,
    at,
    reason,
  });
  const quality = (flag: 1 | 4, tests: string[], at: number): StationEvent => ({
    kind: "quality",
    stationId: station.id,
    observedProperty: "pm25",
    flag,
    tests,
    at,
  });
  const events = [
    connection("offline", 20, "last-will"),
    connection("online", 10, "connected"),
    quality(4, ["flat-line"], 30),
    quality(1, [], 20),
  ];
  await status.apply(events);
  await status.apply(events);
  expect((await status.all()).get(station.id)).toEqual({
    connection: { state: "offline", at: 20, reason: "last-will" },
    flags: { pm25: { flag: 4, tests: ["flat-line"], at: 30 } },
    unknownProperties: [],
  });
});

test("a station that makes up property names does not fill the disk", async () => {
  const status = new StationStatusStore(db);
  const names = Array.from({ length: 80 }, (_, i) => `made-up-${i}`);
  await status.apply(names.map((property) => ({ kind: "unknown-property", stationId: station.id, property, at: 1 })));
  expect((await status.all()).get(station.id)?.unknownProperties).toHaveLength(50);
});
