import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STREAMS } from "@hotgrid/contracts";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe } from "vitest";
import { hasNatsServer, type NatsServer, startNatsServer } from "../../../../test/harness/servers/nats-server.ts";
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
