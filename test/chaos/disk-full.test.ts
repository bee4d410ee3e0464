import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ReadinessView } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { type Embedded, startEmbedded, temporaryFolder } from "../harness/embedded.ts";
import { freePorts } from "../harness/servers/free-ports.ts";
import { smallCity } from "../harness/small-city.ts";
import { StationClient } from "../harness/station-client.ts";
import { issueSecrets } from "../harness/station-secrets.ts";
import { mayBeApart } from "./isolate.ts";

const MINUTE_MS = 60_000;
/** Readings sent into the full disk: enough of them that the last free pages of the log's file are used up. */
const INTO_THE_FULL_DISK = 600;
/** Bytes of the ballast that are written at once. */
const BLOCK = 64 * 1024;

test.skipIf(!mayBeApart())(
  "a full disk: publishes are not acknowledged, nothing is corrupt, and it goes on when there is room (needs root to mount one)",
  async () => {
    const folder = temporaryFolder();
    const disk = join(folder.path, "disk");
    mkdirSync(disk);
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", disk]);
    const running: Embedded[] = [];
    try {
      await fillAndFree(folder.path, disk, running);
    } finally {
      for (const system of running) await system.kill();
      // Where something still has files there, the test's own failure is what is to be told.
      execFileSync("/bin/umount", ["--lazy", disk]);
      folder.remove();
    }
  },
  480_000,
);

async function fillAndFree(folder: string, disk: string, running: Embedded[]): Promise<void> {
  const { dir, seeds } = await smallCity(folder, 4, { lon: 120.58, lat: 30.03 });
  const data = join(disk, "data");
  const secrets = await issueSecrets(folder, data, dir);
  const [metrics = 0] = await freePorts(1);
  const env = { HOTGRID_METRICS_PORT: `${metrics}` };
  const system = await startEmbedded({ dataDir: data, words: ["--no-simulator", "--seeds", dir], env });
  running.push(system);
  /** What the console tells anybody, and what the port for probes tells. */
  const readiness = () => Promise.all([readyz(`${system.http}/api/v1`), readyz(`${metrics}`)]);
  const clients = await Promise.all(
    seeds.stations.map(({ id }) => StationClient.connect(system.mqtt, id, secrets.get(id) ?? "")),
  );
  const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 24 * 60 * MINUTE_MS;
  const publish = (minute: number) => {
    const phenomenonTime = start + minute * MINUTE_MS;
    return Promise.all(
      clients.map((client) => client.publish([{ phenomenonTime, results: { pm25: 35 + (minute % 7) } }])),
    );
  };
  await publish(0);
  await expect.poll(readiness, { timeout: 60_000 }).toEqual([200, 200]);

  fill(join(disk, "ballast"));
  const waiting = Array.from({ length: INTO_THE_FULL_DISK }, (_, i) => publish(i + 1));
  await expect.poll(() => system.output(), { timeout: 60_000 }).toMatch(/full|ENOSPC|not be written|Unavailable/i);
  await expect.poll(readiness, { timeout: 60_000 }).toEqual([LOG_REFUSES, LOG_REFUSES]);
  const acknowledged = clients.reduce((sum, client) => sum + client.acknowledged.size, 0);
  expect(acknowledged).toBeLessThan(clients.length * (INTO_THE_FULL_DISK + 1));

  rmSync(join(disk, "ballast"));
  await Promise.all(waiting);
  await expect.poll(readiness, { timeout: 60_000 }).toEqual([200, 200]);
  for (const client of clients) await client.close();
  expect(await system.stop()).toBe(0);

  for (const name of ["log", "readings", "hotgrid"]) {
    const db = new DatabaseSync(join(data, `${name}.sqlite`));
    expect(db.prepare("PRAGMA integrity_check").get(), name).toEqual({ integrity_check: "ok" });
    db.close();
  }
  await expectAllStored(dir, data, clients);
}

/** Writes until there is no room: the system writes meanwhile, so that what was free need not be a moment later. */
function fill(ballast: string): void {
  const file = openSync(ballast, "w");
  try {
    for (const block = Buffer.alloc(BLOCK); ; ) writeSync(file, block);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(file);
  }
}

/** 200, or 503 and what it says of the log: the stores beside it may find their last free pages, or not. */
async function readyz(at: string): Promise<number | string> {
  const response = await fetch(`http://127.0.0.1:${at}/readyz`);
  const { ready, checks } = ReadinessView.parse(await response.json());
  expect(response.status).toBe(ready ? 200 : 503);
  return ready ? 200 : `503, log ${checks["log"]}`;
}

const LOG_REFUSES = "503, log refuses";

/** What was still in the log at the stop is recorded by the next start. */
async function expectAllStored(seedsDir: string, data: string, clients: readonly StationClient[]): Promise<void> {
  const again = await startEmbedded({ dataDir: data, words: ["--no-simulator", "--seeds", seedsDir] });
  const stored = () => {
    const db = new DatabaseSync(join(data, "readings.sqlite"), { readOnly: true });
    try {
      return Number(db.prepare("select count(*) n from raw").get()?.["n"]);
    } finally {
      db.close();
    }
  };
  const acknowledged = clients.reduce((sum, client) => sum + client.acknowledged.size, 0);
  expect(acknowledged).toBe(clients.length * (INTO_THE_FULL_DISK + 1));
  await expect.poll(stored, { timeout: 60_000 }).toBe(acknowledged);
  expect(await again.stop()).toBe(0);
}
