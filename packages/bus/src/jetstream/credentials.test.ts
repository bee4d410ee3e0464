import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, SystemClock, Unavailable } from "@hotgrid/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasNatsServer, type NatsServer, startNatsServer } from "../../../../test/harness/servers/nats-server.ts";
import { openJetStreamBus } from "./jetstream-bus.ts";
import { createOperator, type Operator } from "./testing-operator.ts";

const SUBJECT = "readings.9901";
let folder: string;
let operator: Operator;
let server: NatsServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotgrid-creds-"));
  operator = createOperator();
  if (hasNatsServer()) server = await startNatsServer(join(folder, "nats"), operator.config);
});
afterEach(async () => {
  await server?.process.end("SIGKILL");
  await rm(folder, { recursive: true });
});

async function open(credentials: string | null) {
  const credentialsFile = join(folder, "user.creds");
  if (credentials !== null) await writeFile(credentialsFile, credentials);
  const how = { name: "test", replicas: 1, clock: new SystemClock(), log: createLog("test", "silent") } as const;
  return openJetStreamBus({ ...how, servers: [server.address], credentialsFile });
}

describe.skipIf(!hasNatsServer())("a .creds file (JWT of an operator; Debian package nats-server)", () => {
  test("lets in to the account's streams, also after the server was away", async () => {
    const bus = await open(operator.credentials("gateway"));
    const append = () => bus.append("readings", [{ subject: SUBJECT, data: Buffer.from("{}") }]);
    expect(await append()).toEqual([{ seq: 1, duplicate: false }]);
    await server.process.end("SIGKILL");
    await server.process.start();
    const again = async () => append().catch((error: unknown) => error instanceof Unavailable && "unavailable");
    await expect.poll(again).toEqual([{ seq: 2, duplicate: false }]);
    await bus.close();
  });

  test("of another operator is refused, and the message has no key in it", async () => {
    const strange = createOperator().credentials("gateway");
    const refused = open(strange);
    await expect(refused).rejects.toThrow(/no NATS server at 127\.0\.0\.1:\d+: .*[Aa]uthorization/);
    const seed = /\n(SU[A-Z2-7]+)\n/.exec(strange)?.[1] ?? "";
    const shown = await refused.catch((error: unknown) => JSON.stringify(error, Object.getOwnPropertyNames(error)));
    expect(seed).not.toBe("");
    expect(shown).not.toContain(seed);
  });

  test("whose user may not use a stream can't start, and says which subject", async () => {
    const narrow = operator.credentials("narrow", { deny: ["$JS.API.>"] });
    await expect(open(narrow)).rejects.toThrow(/Permissions Violation .*\$JS\.API/);
  });

  test("that is not there is named", async () => {
    await expect(open(null)).rejects.toThrow(/user\.creds can't be read/);
  });
});
