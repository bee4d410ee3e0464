import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { STREAMS } from "@hotgrid/contracts";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNatsServer, type NatsServer, startNatsServer } from "../../../../test/harness/servers/nats-server.ts";
import type { Delivery } from "../port.ts";
import { busContract } from "../testing.ts";
import { openJetStreamBus } from "./jetstream-bus.ts";

const log = createLog("jetstream-test", "silent");
let folder: string;
let server: NatsServer;

const open = () =>
  openJetStreamBus({ servers: [server.address], name: "test", replicas: 1, clock: new SystemClock(), log });

async function removeStreams(): Promise<void> {
  const nc = await connect({ servers: server.address });
  const manager = await jetstreamManager(nc);
  const there = (await manager.streams.list().next()).map(({ config }) => config.name);
  for (const { name } of Object.values(STREAMS)) if (there.includes(name)) await manager.streams.delete(name);
  await nc.close();
}

describe.skipIf(!hasNatsServer())("on a real nats-server (Debian package nats-server)", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hotgrid-nats-"));
    server = await startNatsServer(folder);
  });
  afterAll(async () => {
    await server.process.end();
    await rm(folder, { recursive: true });
  });

  test("the cities of a durable are consumers of their own, and its lag is that of all", async () => {
    await removeStreams();
    const bus = await open();
    const stop = new AbortController();
    const seen: string[] = [];
    const consume = (city: string) => {
      const options = {
        durable: "dispatcher",
        startAt: "first",
        batch: 10,
        ackWaitMs: 5000,
        maxDeliveries: 3,
      } as const;
      const handle = async (batch: readonly Delivery[]) => {
        for (const message of batch) {
          seen.push(`${city} got ${message.subject}`);
          message.ack();
        }
        if (seen.length === 2) stop.abort();
      };
      return bus.consume("episodes", { ...options, subject: `episodes.${city}`, backoffMs: [5] }, handle, stop.signal);
    };
    const cities = ["9901", "9902"];
    await bus.append(
      "episodes",
      cities.map((city) => ({ subject: `episodes.${city}`, data: Buffer.from(city) })),
    );
    await Promise.all(cities.map(consume));
    expect(seen.toSorted()).toEqual(["9901 got episodes.9901", "9902 got episodes.9902"]);
    await expect.poll(() => bus.lag("episodes", "dispatcher")).toBe(0);
    await bus.append("episodes", [{ subject: "episodes.9902", data: Buffer.from("later") }]);
    // A consumer learns of a message after its writer has been answered.
    await expect.poll(() => bus.lag("episodes", "dispatcher")).toBe(1);
    await bus.close();
  });

  test("a message that is being worked on stays with its worker, however short the wait for an answer", async () => {
    await removeStreams();
    const [bus, other] = [await open(), await open()];
    // A machine that gives this process no turn for so long makes the server right to hand the message on.
    const ackWaitMs = 3000;
    const options = { durable: "d", startAt: "first", batch: 1, ackWaitMs, maxDeliveries: 9, backoffMs: [5] } as const;
    const stop = new AbortController();
    const seen: string[] = [];
    const consume = (who: string, opened: typeof bus, work: () => Promise<unknown>) =>
      opened.consume(
        "readings",
        options,
        async (batch) => {
          for (const message of batch) {
            seen.push(`${who} got ${Buffer.from(message.data).toString()}, attempt ${message.attempt}`);
            await work();
            message.ack();
          }
        },
        stop.signal,
      );
    await bus.append("readings", [{ subject: "readings.9901", data: Buffer.from("long") }]);
    const begun = Promise.withResolvers<void>();
    const slow = consume("slow", bus, () => {
      begun.resolve();
      return pause(1.5 * ackWaitMs);
    });
    await begun.promise;
    const idle = consume("idle", other, async () => undefined);
    await expect.poll(() => bus.lag("readings", "d")).toBe(0);
    stop.abort();
    await Promise.all([slow, idle]);
    expect(seen).toEqual(["slow got long, attempt 1"]);
    await Promise.all([bus.close(), other.close()]);
  });

  busContract("JetStream", async () => {
    await removeStreams();
    let bus = await open();
    return {
      bus,
      reopen: async () => {
        await bus.close();
        bus = await open();
        return bus;
      },
      close: () => bus.close(),
    };
  });
});
