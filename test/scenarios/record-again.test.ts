import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Delivery, type DistributedBus, LEASE_MS, openJetStreamBus } from "@hotgrid/bus";
import { readingSubject } from "@hotgrid/contracts";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runHotgrid } from "../harness/run-command.ts";
import { hasNatsServer, type NatsServer, startNatsServer } from "../harness/servers/nats-server.ts";

const SUBJECT = readingSubject("3306");
const TEXTS = ["1", "2", "3"];

let folder: string;
let server: NatsServer;
let bus: DistributedBus;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-again-"));
  server = await startNatsServer(join(folder, "nats"));
  const log = createLog("again-test", "silent");
  bus = await openJetStreamBus({ servers: [server.address], name: "test", replicas: 1, clock: new SystemClock(), log });
});
afterEach(async () => {
  await bus.close();
  await server.process.end("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** As a recorder: takes and settles, until the log has no more. */
async function record(durable: string): Promise<readonly string[]> {
  const stop = new AbortController();
  const seen: string[] = [];
  const options = { durable, startAt: "first", batch: 10, ackWaitMs: 5000, maxDeliveries: 9, backoffMs: [5] } as const;
  const handle = async (batch: readonly Delivery[]) => {
    for (const message of batch) {
      seen.push(Buffer.from(message.data).toString());
      message.ack();
    }
  };
  const recording = bus.consume("readings", { ...options, subject: SUBJECT }, handle, stop.signal);
  await expect.poll(() => bus.lag("readings", durable), { timeout: 60_000 }).toBe(0);
  stop.abort();
  await recording;
  return seen;
}

const again = () =>
  runHotgrid(["readings", "record-again", "--json", "--data", folder], "", {
    HOTGRID_NATS_SERVERS: server.address,
  });

describe.skipIf(!hasNatsServer())("hotgrid readings record-again (Debian package nats-server)", () => {
  test("the recorders begin with the log's first reading again, nobody else does", { timeout: 240_000 }, async () => {
    await bus.append(
      "readings",
      TEXTS.map((text) => ({ subject: SUBJECT, data: Buffer.from(text) })),
    );
    expect(await record("recorder")).toEqual(TEXTS);
    expect(await record("other")).toEqual(TEXTS);
    const { code, stdout, stderr } = await again();
    expect({ code, stderr, answer: JSON.parse(stdout) }).toEqual({ code: 0, stderr: "", answer: { messages: 3 } });
    expect(await record("other")).toEqual([]);
    expect(await record("recorder")).toEqual(TEXTS);
  });

  test("while a recorder is at work it refuses, and names the city", { timeout: 240_000 }, async () => {
    const leases = await bus.leases("recorder", LEASE_MS);
    const lease = await leases.acquire("3306", "somebody");
    const renewing = setInterval(() => void lease?.renew(), 1000);
    const { code, stderr } = await again();
    clearInterval(renewing);
    expect(code).toBe(2);
    expect(stderr).toContain("recorders are at work for 3306: stop all of them");
  });
});
