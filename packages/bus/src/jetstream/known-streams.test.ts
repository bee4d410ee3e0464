import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, SystemClock, Unavailable } from "@hotgrid/runtime";
import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { hasNatsServer, type NatsServer, startNatsCluster } from "../../../../test/harness/servers/nats-server.ts";
import { openJetStreamBus } from "./jetstream-bus.ts";
import { configOfStream, StreamWatch } from "./known-streams.ts";
import { Nats } from "./nats-connection.ts";

/** Until a cluster's servers agree on what they have, ms. */
const PATIENCE = { timeout: 60_000 };
const quiet = createLog("known-streams-test", "silent");
let folder: string;
let servers: readonly NatsServer[] = [];
let nats: Nats;
let manager: JetStreamManager;

const addresses = () => servers.map(({ address }) => address);

/** A cluster has no leader in its first seconds. */
async function makeStreams(): Promise<void> {
  const settings = { servers: addresses(), name: "test", replicas: 3, clock: new SystemClock(), log: quiet } as const;
  const make = async () => (await openJetStreamBus(settings)).close();
  await vi.waitFor(make, { ...PATIENCE, interval: 200 });
}

describe.skipIf(!hasNatsServer())("streams that a cluster forgets (Debian package nats-server)", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hotgrid-known-"));
    servers = await startNatsCluster(folder);
    await makeStreams();
    nats = await Nats.connect({ servers: addresses(), name: "test" }, quiet);
    manager = await jetstreamManager(nats.nc);
  }, 120_000);
  afterAll(async () => {
    await nats.close();
    await Promise.all(servers.map((server) => server.process.end("SIGKILL")));
    await rm(folder, { recursive: true });
  });

  test("one that is there is known, one that no server has is not there", async () => {
    expect(await configOfStream(nats, manager, "READINGS")).toMatchObject({ name: "READINGS", num_replicas: 3 });
    expect(await configOfStream(nats, manager, "NEVER")).toBeUndefined();
  });

  test("one that the leader of the metadata denies and another server has is not said to be absent: nobody may make it anew", async () => {
    // The other server: to the second question only, so that the denial comes first, as it can then.
    let asked = 0;
    nats.nc.subscribe("$JS.API.STREAM.INFO.DENIED", {
      callback: (_, question) => {
        asked += 1;
        if (asked > 1) question.respond(JSON.stringify({ type: "…stream_info_response", config: { name: "DENIED" } }));
      },
    });
    await nats.nc.flush();
    const question = configOfStream(nats, manager, "DENIED");
    await expect(question).rejects.toBeInstanceOf(Unavailable);
    await expect(question).rejects.toThrow(/DENIED .*forgotten.*docs\/operating\.md/);
  });

  test("one that is gone while others work on it is named with the remedy, refused, and known again when it is back", {
    timeout: 180_000,
  }, async () => {
    const log = createLog("test", "silent");
    const told = vi.spyOn(log, "error");
    const watch = new StreamWatch({ nats, manager, log }, 50);
    await manager.streams.delete("TICKETS");
    await expect.poll(() => watch.forgotten, PATIENCE).toEqual(["tickets"]);
    expect(() => watch.refuseForgotten("tickets")).toThrow(Unavailable);
    watch.refuseForgotten("readings");
    const named = expect.objectContaining({ streams: ["TICKETS"] });
    expect(told.mock.calls).toContainEqual([named, expect.stringContaining("docs/operating.md")]);
    await makeStreams();
    await expect.poll(() => watch.forgotten, PATIENCE).toEqual([]);
    watch.close();
  });
});
