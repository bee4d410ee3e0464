import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createLog, SystemClock, Unavailable } from "@hotgrid/runtime";
import { expect, test } from "vitest";
import { openSqliteBus } from "./sqlite-bus.ts";

const entry = (bytes: number) => [{ subject: "readings.9901", data: Buffer.alloc(bytes, 7) }];

/** A small file system of its own in memory; only root may mount one. */
async function onSmallDisk(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-full-"));
  execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
  try {
    await work(folder);
  } finally {
    execFileSync("/bin/umount", [folder]);
    await rm(folder, { recursive: true });
  }
}

const mayMount = process.getuid?.() === 0 && process.platform === "linux";

test.skipIf(!mayMount)("a full disk refuses appends, corrupts nothing, and takes them again (needs root)", async () => {
  await onSmallDisk(async (folder) => {
    const file = join(folder, "log.db");
    const bus = await openSqliteBus({ file, clock: new SystemClock(), log: createLog("test", "silent") });
    const ballast = join(folder, "ballast");
    await writeFile(ballast, Buffer.alloc(2 * 1024 * 1024));

    let acknowledged = 0;
    const fill = async () => {
      for (;;) acknowledged += (await bus.append("readings", entry(100_000))).length;
    };
    await expect(fill()).rejects.toBeInstanceOf(Unavailable);
    await expect(bus.append("readings", [...entry(1), ...entry(400_000)])).rejects.toBeInstanceOf(Unavailable);
    expect((await bus.info("readings")).lastSeq).toBe(acknowledged);
    expect(acknowledged).toBeGreaterThan(0);

    await rm(ballast);
    const [next] = await bus.append("readings", entry(100_000));
    expect(next?.seq).toBe(acknowledged + 1);
    await bus.close();

    const db = new DatabaseSync(file);
    expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    db.close();
  });
});
