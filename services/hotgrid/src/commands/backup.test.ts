import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteBus } from "@hotgrid/bus";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { openDatabase, openSqliteReadingStore } from "@hotgrid/store";
import { afterEach, expect, test } from "vitest";
import { dataFiles } from "../data-directory.ts";
import { backup, restore } from "./backup.ts";

const folder = mkdtempSync(join(tmpdir(), "hotgrid-backup-"));
afterEach(() => rmSync(folder, { recursive: true }));

test("photos and the keys of Web Push come back with the databases, still for their owner only; the key that opens them is kept elsewhere", async () => {
  const dataDir = join(folder, "data");
  const files = dataFiles(dataDir);
  mkdirSync(files.evidence, { recursive: true });
  await (await openDatabase(files.database)).destroy();
  await (await openSqliteReadingStore(files.readings, { utcOffset: "+08:00" })).close();
  await (
    await openSqliteBus({ file: files.log, clock: new SystemClock(), log: createLog("backup-test", "silent") })
  ).close();
  writeFileSync(join(files.evidence, "a.jpg"), "a picture");
  writeFileSync(files.pushKeys, "the keys", { mode: 0o600 });
  writeFileSync(files.totpKey, "of the one-time codes", { mode: 0o600 });

  const call = { values: {}, seedsDir: "" };
  const { text } = await backup.run({ ...call, dataDir, positionals: [join(folder, "copy")] });
  expect(text).toContain(`${files.totpKey} `);
  expect(existsSync(dataFiles(join(folder, "copy")).totpKey)).toBe(false);
  const restored = join(folder, "restored");
  await restore.run({ ...call, values: { real: true }, dataDir: restored, positionals: [join(folder, "copy")] });

  expect(readFileSync(join(dataFiles(restored).evidence, "a.jpg"), "utf8")).toBe("a picture");
  expect(readFileSync(dataFiles(restored).pushKeys, "utf8")).toBe("the keys");
  expect(statSync(dataFiles(restored).pushKeys).mode & 0o777).toBe(0o600);
});
