import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, SystemClock, Unavailable } from "@hotgrid/runtime";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNatsServer, type NatsServer, startNatsServer } from "../../../../test/harness/servers/nats-server.ts";
import type { DistributedBus } from "../distributed-port.ts";
import { openJetStreamBus } from "./jetstream-bus.ts";

const log = createLog("leases-test", "silent");
/** Of leases that end while the test looks on, ms: long enough that a machine which gives it no turn for a while does not
 *  end the others too. */
const PATIENT_TTL_MS = 3000;
let folder: string;
let server: NatsServer;
let bus: DistributedBus;

describe.skipIf(!hasNatsServer())("leases and blobs on a real nats-server (Debian package nats-server)", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hotgrid-leases-"));
    server = await startNatsServer(folder);
    bus = await openJetStreamBus({ servers: [server.address], name: "t", replicas: 1, clock: new SystemClock(), log });
  });
  afterAll(async () => {
    await bus.close();
    await server.process.end("SIGKILL");
    await rm(folder, { recursive: true });
  });

  test("a lease has one holder, and is another's once it is given back", async () => {
    const leases = await bus.leases("given-back", 60_000);
    const lease = await leases.acquire("city.9901", "one");
    expect(await leases.acquire("city.9901", "two")).toBeNull();
    expect(await leases.held()).toEqual(new Set(["city.9901"]));
    expect(await lease?.renew()).toBe(true);
    await lease?.release();
    expect(await leases.held()).toEqual(new Set());
    expect(await leases.acquire("city.9901", "two")).not.toBeNull();
    expect(await lease?.renew()).toBe(false);
  });

  test("a lease that is not renewed ends by itself, and its late holder neither renews nor gives back another's", async () => {
    const leases = await bus.leases("ends", PATIENT_TTL_MS);
    const late = await leases.acquire("city.9901", "one");
    let next: Awaited<ReturnType<typeof leases.acquire>> = null;
    await expect.poll(async () => (next ??= await leases.acquire("city.9901", "two"))).toBeTruthy();
    await late?.release();
    expect(await leases.acquire("city.9901", "three")).toBeNull();
    expect(await late?.renew()).toBe(false);
  });

  test("a lease that the server does not end is ended by whoever looks, one that is renewed is not", async () => {
    const leases = await bus.leases("stuck", 500);
    const nc = await connect({ servers: server.address });
    await (await jetstreamManager(nc)).streams.update("KV_stuck", { max_age: 0 });
    await nc.close();
    await leases.acquire("city.9901", "gone");
    const kept = await leases.acquire("city.9902", "one");
    const look = async () => {
      expect(await kept?.renew()).toBe(true);
      return leases.held();
    };
    await expect.poll(look).toEqual(new Set(["city.9902"]));
    expect(await leases.acquire("city.9901", "two")).not.toBeNull();
  });

  test("a lease that is renewed holds beyond its time", async () => {
    const leases = await bus.leases("renewed", PATIENT_TTL_MS);
    const lease = await leases.acquire("city.9901", "one");
    const other = await leases.acquire("city.9902", "one");
    const free = async () => {
      expect(await lease?.renew()).toBe(true);
      return leases.acquire("city.9902", "two");
    };
    await expect.poll(free, { interval: 200 }).toBeTruthy();
    expect(await leases.acquire("city.9901", "two")).toBeNull();
    expect(await other?.renew()).toBe(false);
  });

  test("a blob of many parts is what was put, and only who knows the last revision replaces it", async () => {
    const blobs = await bus.blobs("things");
    expect(await blobs.get("a")).toBeNull();
    const data = randomBytes(3_000_000);
    const first = await blobs.put("a", data, 0);
    expect(first).toBeGreaterThan(0);
    expect(await blobs.put("a", Buffer.from("late"), 0)).toBeNull();
    const got = await blobs.get("a");
    expect(got?.revision).toBe(first);
    expect(data.equals(got?.data ?? Buffer.alloc(0))).toBe(true);
    expect(await blobs.put("a", Buffer.from("next"), first ?? 0)).toBeGreaterThan(first ?? 0);
    expect(Buffer.from((await blobs.get("a"))?.data ?? []).toString()).toBe("next");
  });

  test("a blob whose parts were replaced while it was looked for is Unavailable, and is not waited for without end", async () => {
    const blobs = await bus.blobs("replaced");
    await blobs.put("a", randomBytes(1000), 0);
    const nc = await connect({ servers: server.address });
    await (await jetstreamManager(nc)).streams.purge("OBJ_replaced", { filter: "$O.replaced.C.*" });
    await nc.close();
    await expect(blobs.get("a")).rejects.toBeInstanceOf(Unavailable);
  });

  test("whoever looks at the leases leaves nothing on the server", async () => {
    const leases = await bus.leases("looks", 60_000);
    await leases.acquire("city.9901", "one");
    for (let i = 0; i < 5; i++) expect(await leases.held()).toEqual(new Set(["city.9901"]));
    const nc = await connect({ servers: server.address });
    const { state } = await (await jetstreamManager(nc)).streams.info("KV_looks");
    await nc.close();
    expect(state.consumer_count).toBe(0);
  });

  test("Unavailable where the server is gone", async () => {
    const leases = await bus.leases("gone", 1000);
    const lease = await leases.acquire("city.9901", "one");
    await server.process.end("SIGKILL");
    await expect(lease?.renew()).rejects.toBeInstanceOf(Unavailable);
    await expect(leases.held()).rejects.toBeInstanceOf(Unavailable);
    await server.process.start();
  });
});
