import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, SystemClock, Unavailable } from "@hotgrid/runtime";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CutProxy, startCutProxy } from "../../../../test/harness/servers/cut-proxy.ts";
import {
  hasNatsServer,
  type NatsServer,
  startNatsCluster,
  startNatsServer,
} from "../../../../test/harness/servers/nats-server.ts";
import { type Bus, type Delivery, Fenced } from "../port.ts";
import { type JetStreamBusOptions, openJetStreamBus } from "./jetstream-bus.ts";

const SUBJECT = "readings.9901";
const MESSAGES = 400;
/** Until a reader or a consumer that was cut off has gone on, ms: it notices after seconds, and may be cut off again. */
const PATIENCE = { timeout: 60_000 };
const log = createLog("jetstream-test", "silent");
let folder: string;
let servers: readonly NatsServer[] = [];
let proxy: CutProxy | undefined;
let bus: Bus | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotgrid-nats-"));
});
afterEach(async () => {
  await bus?.close();
  bus = undefined;
  await proxy?.close();
  proxy = undefined;
  await Promise.all(servers.map((server) => server.process.end("SIGKILL")));
  servers = [];
  await rm(folder, { recursive: true });
});

const open = (over: Partial<JetStreamBusOptions> = {}) =>
  openJetStreamBus({
    servers: servers.map(({ address }) => address),
    name: "test",
    replicas: 1,
    clock: new SystemClock(),
    log,
    ...over,
  });

/** A cluster has no leader in its first seconds, and while it looks for another one. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Appends numbers while `fault` runs at each third of them, with a reader and a consumer at work, and compares what all
 *  of them saw with what the log holds at the end. */
async function expectNothingLost(opened: Bus, fault: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const read: string[] = [];
  const consumed = new Set<string>();
  const reading = (async () => {
    for await (const batch of opened.read("readings", { from: 1, batch: 7 }, stop.signal)) {
      for (const message of batch) read.push(text(message));
    }
  })();
  const options = {
    durable: "d",
    startAt: "first",
    batch: 7,
    ackWaitMs: 2000,
    maxDeliveries: 99,
    backoffMs: [10],
  } as const;
  const handle = async (batch: readonly Delivery[]) => {
    for (const message of batch) {
      consumed.add(text(message));
      message.ack();
    }
  };
  const consuming = opened.consume("readings", options, handle, stop.signal);

  for (let n = 0; n < MESSAGES; n++) {
    if (n % 100 === 50) await fault();
    await patiently(() => opened.append("readings", [{ subject: SUBJECT, data: Buffer.from(`${n}`) }]));
  }
  const { lastSeq } = await patiently(() => opened.info("readings"));
  const kept: string[] = [];
  for await (const batch of opened.read("readings", { from: 1, batch: 500 }, stop.signal)) {
    for (const message of batch) kept.push(text(message));
    if ((batch.at(-1)?.seq ?? 0) >= lastSeq) break;
  }
  expect([...new Set(kept)]).toEqual(Array.from({ length: MESSAGES }, (_, n) => `${n}`));
  await expect.poll(() => read, PATIENCE).toEqual(kept);
  await expect.poll(() => consumed.size, PATIENCE).toBe(MESSAGES);
  await expect.poll(() => opened.lag("readings", "d"), PATIENCE).toBe(0);
  stop.abort();
  await Promise.all([reading, consuming]);
}

const text = ({ data }: { data: Uint8Array }): string => Buffer.from(data).toString();

describe.skipIf(!hasNatsServer())("JetStream when something breaks (Debian package nats-server)", () => {
  test("kill -9 of the server loses nothing that was acknowledged", { timeout: 180_000 }, async () => {
    const server = await startNatsServer(folder);
    servers = [server];
    bus = await open();
    await expectNothingLost(bus, async () => {
      await server.process.end("SIGKILL");
      await server.process.start();
    });
  });

  test("a connection cut without a word loses nothing", { timeout: 180_000 }, async () => {
    servers = [await startNatsServer(folder)];
    proxy = await startCutProxy(servers[0]?.address ?? "");
    const way = proxy;
    bus = await open({ servers: [way.address] });
    await expectNothingLost(bus, async () => way.cut());
  });

  test("a writer of a claimed subject whose answers are cut off goes on in order, each entry once", {
    timeout: 180_000,
  }, async () => {
    servers = [await startNatsServer(folder)];
    proxy = await startCutProxy(servers[0]?.address ?? "");
    const opened = await open({ servers: [proxy.address] });
    bus = opened;
    const subject = "episodes.9901";
    const writer = await opened.claim("episodes", subject);
    const texts = Array.from({ length: 200 }, (_, n) => `${n}`);
    for (const [n, text] of texts.entries()) {
      const appending = () => writer.append([{ data: Buffer.from(text), messageId: text }]);
      if (n % 20 !== 10) await patiently(appending);
      else {
        // On its way when the connection goes: whether it was stored, nobody is told.
        const cut = appending().catch(() => undefined);
        proxy.cut();
        await cut;
        await patiently(appending);
      }
    }
    const kept: string[] = [];
    for await (const batch of opened.read("episodes", { from: 1, subject, batch: 50 }, new AbortController().signal)) {
      kept.push(...batch.map(text));
      if (kept.at(-1) === texts.at(-1)) break;
    }
    expect(kept).toEqual(texts);
    await opened.claim("episodes", subject);
    await expect(patiently(() => writer.append([{ data: Buffer.from("late") }]))).rejects.toBeInstanceOf(Fenced);
  });

  test("one node of three lost for good loses nothing", { timeout: 180_000 }, async () => {
    servers = await startNatsCluster(folder);
    bus = await patiently(() => open({ replicas: 3 }));
    const dying = [await patiently(leaderOfReadings)];
    await expectNothingLost(bus, async () => {
      await dying.pop()?.process.end("SIGKILL");
    });
  });

  test("without a server appends are refused at once, and go on when it is back", { timeout: 180_000 }, async () => {
    const server = await startNatsServer(folder);
    servers = [server];
    const opened = await open();
    bus = opened;
    await server.process.end("SIGKILL");
    const append = () => opened.append("readings", [{ subject: SUBJECT, data: Buffer.from("x") }]);
    await expect(append()).rejects.toBeInstanceOf(Unavailable);
    await expect(opened.info("readings")).rejects.toBeInstanceOf(Unavailable);
    await server.process.start();
    await patiently(append);
    expect((await opened.info("readings")).lastSeq).toBe(1);
  });

  test("a full stream refuses what comes and keeps what it has", async () => {
    servers = [await startNatsServer(folder)];
    bus = await open({ maxBytes: 100_000 });
    const entry = { subject: SUBJECT, data: Buffer.alloc(40_000) };
    await bus.append("readings", [entry, entry]);
    await expect(bus.append("readings", [entry])).rejects.toBeInstanceOf(Unavailable);
    expect(await bus.info("readings")).toEqual({ firstSeq: 1, lastSeq: 2 });
  });

  test("a password from its file lets in, a wrong one is refused", async () => {
    servers = [await startNatsServer(folder, ["authorization { user: hotgrid, password: right, timeout: 30 }"])];
    const passwordFile = join(folder, "password");
    await writeFile(passwordFile, "right\n");
    bus = await open({ user: "hotgrid", passwordFile });
    expect((await bus.info("readings")).lastSeq).toBe(0);
    await writeFile(passwordFile, "wrong");
    await expect(open({ user: "hotgrid", passwordFile })).rejects.toBeInstanceOf(Unavailable);
    await expect(open({ user: "hotgrid", passwordFile: join(folder, "none") })).rejects.toThrow(/none can't be read/);
  });

  test("a server that asks for certificates gets ours, and is known by its own", async () => {
    const { certificate, key } = selfSigned();
    const tls = `tls { cert_file: "${certificate}", key_file: "${key}", ca_file: "${certificate}", verify: true, timeout: 30 }`;
    servers = [await startNatsServer(folder, [tls])];
    // Node judges a server that is called by its number by the name "localhost".
    bus = await open({ tls: { caFile: certificate, certFile: certificate, keyFile: key } });
    expect((await bus.info("readings")).lastSeq).toBe(0);
    await expect(open({ tls: { caFile: certificate } })).rejects.toBeInstanceOf(Unavailable);
  });
});

async function leaderOfReadings(): Promise<NatsServer> {
  const nc = await connect({ servers: servers[0]?.address ?? "" });
  const { cluster } = await (await jetstreamManager(nc)).streams.info("READINGS");
  await nc.close();
  const leader = servers[Number(cluster?.leader?.slice(1))];
  if (!leader) throw new Unavailable(`no server leads: ${cluster?.leader}`);
  return leader;
}

function selfSigned(): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  execFileSync("openssl", [...words, "-keyout", key, "-out", certificate, ...names], { stdio: "ignore" });
  return { certificate, key };
}
