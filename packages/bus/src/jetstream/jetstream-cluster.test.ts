import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, SystemClock, untilAvailable } from "@hotgrid/runtime";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasNatsServer, type NatsServer, startNatsCluster } from "../../../../test/harness/servers/nats-server.ts";
import type { Bus, Entry } from "../port.ts";
import { openJetStreamBus } from "./jetstream-bus.ts";

const SUBJECT = "episodes.9901";
const LONGEST_PAUSE_MS = 1000;
const PATIENCE = { timeout: 60_000, interval: 1000 };

describe.skipIf(!hasNatsServer())("three nodes that have seen duplicates (Debian package nats-server)", () => {
  let folder: string;
  let servers: readonly NatsServer[];
  let bus: Bus;
  let nc: NatsConnection;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hotgrid-cluster-"));
    servers = await startNatsCluster(folder);
    const addresses = servers.map(({ address }) => address);
    const options = { servers: addresses, name: "test", replicas: 3, clock: new SystemClock() } as const;
    bus = await patiently(() => openJetStreamBus({ ...options, log: createLog("cluster-test", "silent") }));
    nc = await connect({ servers: addresses });
  }, 120_000);
  afterAll(async () => {
    await bus.close();
    await nc.close();
    await Promise.all(servers.map((server) => server.process.end("SIGKILL")));
    await rm(folder, { recursive: true });
  });

  async function leader(): Promise<NatsServer | undefined> {
    const info = await (await jetstreamManager(nc)).streams.info("EPISODES");
    return servers[Number(info.cluster?.leader?.slice(1))];
  }

  /** Whoever else leads is asked to step down until it is this one. */
  const letLead = (server: NatsServer | undefined) =>
    expect
      .poll(async () => {
        if ((await leader().catch(() => undefined)) === server) return true;
        await nc.request("$JS.API.STREAM.LEADER.STEPDOWN.EPISODES").catch(() => undefined);
        return false;
      }, PATIENCE)
      .toBe(true);

  const info = () => patiently(() => bus.info("episodes"));
  const append = (entries: readonly Entry[]) => patiently(() => bus.append("episodes", entries));
  const entries = (letter: string, count: number): Entry[] =>
    Array.from({ length: count }, (_, n) => ({
      subject: SUBJECT,
      data: Buffer.from(letter),
      messageId: `${letter}${n}`,
    }));

  test("one that is killed comes back with what the others have, at the same positions", {
    timeout: 120_000,
  }, async () => {
    // Another detector takes the city and decides again what the first one had decided.
    for (let n = 0; n < 2; n++) {
      const writer = await patiently(() => bus.claim("episodes", SUBJECT));
      await patiently(() => writer.append(entries("a", 3)));
    }
    // Neither a claim nor this one is named by its writer.
    await patiently(() => bus.claim("episodes", SUBJECT));
    await append([{ subject: "episodes.9902", data: Buffer.from("d") }]);
    const before = await info();
    const [killed] = servers;
    await killed?.process.end("SIGKILL");
    await killed?.process.start();
    await letLead(killed);
    expect(await info()).toEqual(before);
  });

  test("one that leads again and answers nobody gives the lead to another", { timeout: 180_000 }, async () => {
    const { lastSeq } = await info();
    await append(entries("b", 30));
    // nats-server 2.9 then leaves out as many writes as were made in between, of which each waits for ten seconds.
    await append(entries("b", 30));
    const first = await leader();
    await letLead(servers.find((server) => server !== first));
    await append(entries("c", 20));
    await letLead(first);
    await append(entries("d", 1));
    expect((await info()).lastSeq).toBe(lastSeq + 51);
  });
});

/** A cluster has no leader in its first seconds, and while it looks for another one. */
const patiently = <T>(ask: () => Promise<T>): Promise<T> =>
  untilAvailable(ask, new AbortController().signal, () => undefined, LONGEST_PAUSE_MS);
