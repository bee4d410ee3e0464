import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Reading } from "@hotgrid/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { backupDatabases, checkDatabase, restoreDatabases } from "./backup-databases.ts";
import { openDatabase } from "./database.ts";
import { openSqliteReadingStore } from "./sqlite-readings/sqlite-reading-store.ts";

const SHAOXING = { utcOffset: "+08:00" };
const FIRST = 20_000;
let folder: string;
let data: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-backup-"));
  data = join(folder, "data");
  target = join(folder, "backup");
  mkdirSync(data);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const readingsFrom = (first: number, count: number): Reading[] =>
  Array.from({ length: count }, (_, i) => ({
    stationId: "a",
    phenomenonTime: (first + i) * 60_000,
    resultTime: 0,
    results: { pm25: 1 },
  }));

async function writeSmallDatabase(): Promise<string> {
  const file = join(data, "hotgrid.sqlite");
  const database = await openDatabase(file);
  await database.insertInto("meta").values({ key: "a", value: "1" }).execute();
  await database.destroy();
  return file;
}

test("a backup taken while the system writes is of one moment, and restores to a system that runs", async () => {
  const files = [join(data, "readings.sqlite"), await writeSmallDatabase()];
  const readings = await openSqliteReadingStore(files[0] ?? "", SHAOXING);
  await readings.append(readingsFrom(0, FIRST));
  let copied = false;
  const copying = backupDatabases(files, target).finally(() => {
    copied = true;
  });
  let written = FIRST;
  while (!copied) {
    await readings.append(readingsFrom(written++, 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const copies = await copying;
  await readings.close();
  expect(written).toBeGreaterThan(FIRST);
  expect(copies.map((copy) => copy.file)).toEqual([join(target, "readings.sqlite"), join(target, "hotgrid.sqlite")]);

  const elsewhere = files.map((file) => file.replace("/data/", "/restored/"));
  await restoreDatabases(target, elsewhere);
  const restored = await openSqliteReadingStore(elsewhere[0] ?? "", SHAOXING);
  const count = await restored.count();
  expect(count).toBeGreaterThanOrEqual(FIRST);
  expect((await restored.latest()).get("a")?.phenomenonTime).toBe((count - 1) * 60_000);
  await restored.close();
  const database = await openDatabase(elsewhere[1] ?? "");
  expect(await database.selectFrom("meta").selectAll().execute()).toEqual([{ key: "a", value: "1" }]);
  await database.destroy();
});

test("a backup is its owner's alone and leaves nothing unfinished beside it", async () => {
  await backupDatabases([await writeSmallDatabase()], target);
  expect(readdirSync(target)).toEqual(["hotgrid.sqlite"]);
  expect(statSync(target).mode & 0o777).toBe(0o700);
  expect(statSync(join(target, "hotgrid.sqlite")).mode & 0o777).toBe(0o600);
});

test("neither a backup nor a restore overwrites anything", async () => {
  const file = await writeSmallDatabase();
  await backupDatabases([file], target);
  await expect(backupDatabases([file], target)).rejects.toThrow("exists: it is not overwritten");
  await expect(restoreDatabases(target, [file])).rejects.toThrow("exists: it is not overwritten");
});

test("a file that is not there is not backed up as an empty one", async () => {
  await expect(backupDatabases([join(data, "missing.sqlite")], target)).rejects.toThrow();
  expect(readdirSync(target)).toEqual([]);
});

test("a damaged copy is found before anything is restored", async () => {
  const file = join(data, "readings.sqlite");
  const readings = await openSqliteReadingStore(file, SHAOXING);
  await readings.append(readingsFrom(0, FIRST));
  await readings.close();
  await backupDatabases([file, await writeSmallDatabase()], target);
  const copy = join(target, "readings.sqlite");
  const bytes = readFileSync(copy);
  bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 4096);
  writeFileSync(copy, bytes);

  const restored = ["hotgrid.sqlite", "readings.sqlite"].map((name) => join(folder, "restored", name));
  await expect(restoreDatabases(target, restored)).rejects.toThrow(/damaged|malformed/);
  expect(readdirSync(folder)).not.toContain("restored");
});

test("a row that refers to nothing is damage", async () => {
  const file = await writeSmallDatabase();
  const sqlite = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  sqlite.exec("INSERT INTO assignments VALUES ('nobody', '330602', 'primary', 0, NULL)");
  sqlite.close();
  expect(() => checkDatabase(file)).toThrow("a row of assignments refers to nothing");
});
