import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { decodeJson, openSqliteBus } from "@hotgrid/bus";
import { ReadingsMessage, readingKey } from "@hotgrid/contracts";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { afterEach, expect, test } from "vitest";
import { freePorts } from "../../../test/harness/servers/free-ports.ts";
import { type GatewayProcess, prepareStations, startGatewayProcess } from "./testing/gateway-process.ts";
import { testStation } from "./testing/gateway-run.ts";
import { ResendingPublisher } from "./testing/resending-publisher.ts";

const folders: (() => Promise<void>)[] = [];
const gateways: GatewayProcess[] = [];
afterEach(async () => {
  for (const gateway of gateways.splice(0)) if (gateway.child.exitCode === null) await gateway.stop("SIGKILL");
  for (const remove of folders.splice(0)) await remove();
});

async function temporaryFolder(size?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-durable-"));
  if (size !== undefined) execFileSync("/bin/mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  folders.push(async () => {
    if (size !== undefined) execFileSync("/bin/umount", [folder]);
    await rm(folder, { recursive: true });
  });
  return folder;
}

async function start(folder: string, port?: number): Promise<GatewayProcess> {
  const gateway = await startGatewayProcess(folder, port === undefined ? {} : { port });
  gateways.push(gateway);
  return gateway;
}

/** How often each reading is in the log of a stopped gateway; the file must be whole. */
async function readingsInLog(folder: string): Promise<Map<string, number>> {
  const file = join(folder, "log.sqlite");
  const db = new DatabaseSync(file);
  expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  db.close();
  const bus = await openSqliteBus({ file, clock: new SystemClock(), log: createLog("test", "silent") });
  const { lastSeq } = await bus.info("readings");
  const counts = new Map<string, number>();
  const stop = new AbortController();
  for await (const batch of bus.read("readings", { from: 1, batch: 1000 }, stop.signal)) {
    for (const { data } of batch) {
      const message = decodeJson(ReadingsMessage, data);
      if (message.kind === "clock") continue;
      for (const key of message.readings.map(readingKey)) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    if (batch.at(-1)?.seq === lastSeq) break;
  }
  await bus.close();
  return counts;
}

const IDS = Array.from({ length: 20 }, (_, i) => `HG-${i}`);

test("kill -9 under load: every reading that had its PUBACK is in the log, and only resends are there twice", async () => {
  const folder = await temporaryFolder();
  const secrets = await prepareStations(folder, IDS.map(testStation));
  // While it is down nobody else may be given its port.
  const [port = 0] = await freePorts(1);
  let gateway = await start(folder, port);
  const publishers = IDS.map((id) => new ResendingPublisher(port, id, secrets.get(id) ?? ""));
  const acknowledged = () => publishers.reduce((sum, publisher) => sum + publisher.acknowledged.size, 0);
  for (const wanted of [300, 1500, 3000]) {
    await expect.poll(acknowledged).toBeGreaterThan(wanted);
    await gateway.stop("SIGKILL");
    gateway = await start(folder, port);
  }
  await expect.poll(acknowledged).toBeGreaterThan(4500);
  await Promise.all(publishers.map((publisher) => publisher.finish()));
  expect(await gateway.stop("SIGTERM")).toBe(0);

  const stored = await readingsInLog(folder);
  const all = publishers.flatMap((publisher) => [...publisher.acknowledged]);
  expect(all.filter((key) => !stored.has(key))).toEqual([]);
  const resent = new Set(publishers.flatMap((publisher) => [...publisher.resent]));
  const twice = [...stored].filter(([, count]) => count > 1).map(([key]) => key);
  expect(twice.filter((key) => !resent.has(key))).toEqual([]);
  expect(new Set(all)).toEqual(new Set(stored.keys()));
}, 180_000);

const mayMount = process.getuid?.() === 0 && process.platform === "linux";

test.skipIf(!mayMount)(
  "disk full: no PUBACK, nothing corrupt, and it goes on when space returns (needs root)",
  async () => {
    const folder = await temporaryFolder("12m");
    const secrets = await prepareStations(folder, IDS.map(testStation));
    const gateway = await start(folder);
    const ballast = join(folder, "ballast");
    const publishers = IDS.map((id) => new ResendingPublisher(gateway.port, id, secrets.get(id) ?? ""));
    const acknowledged = () => publishers.reduce((sum, publisher) => sum + publisher.acknowledged.size, 0);
    await expect.poll(acknowledged).toBeGreaterThan(100);
    await expect(writeFile(ballast, Buffer.alloc(12 * 1024 * 1024))).rejects.toThrow("ENOSPC");

    await expect.poll(() => gateway.errors()).toContain("log unavailable, publishes wait");
    const refusals = () => gateway.errors().split("log unavailable, publishes wait").length;
    const anotherRefusal = async () => {
      const seen = refusals();
      await expect.poll(refusals).toBeGreaterThan(seen);
    };
    await anotherRefusal();
    const before = acknowledged();
    await anotherRefusal();
    expect(acknowledged()).toBe(before);

    await rm(ballast);
    await expect.poll(acknowledged).toBeGreaterThan(before + 100);
    await Promise.all(publishers.map((publisher) => publisher.finish()));
    expect(await gateway.stop("SIGTERM")).toBe(0);

    const stored = await readingsInLog(folder);
    const all = publishers.flatMap((publisher) => [...publisher.acknowledged]);
    expect(all.filter((key) => !stored.has(key))).toEqual([]);
  },
  180_000,
);
