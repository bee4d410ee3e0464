import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DistributedBus, encodeJson, openJetStreamBus } from "@hotgrid/bus";
import { type TicketEvent, ticketSubject } from "@hotgrid/contracts";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { testTicket } from "@hotgrid/tickets/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NotificationReceiver, startReceiver } from "../chaos/distributed/notification-receiver.ts";
import { temporaryFolder } from "../harness/embedded.ts";
import { hasNatsServer, startNatsServer } from "../harness/servers/nats-server.ts";
import { type ServiceProcess, startServiceProcess } from "../harness/service-process.ts";
import { smallCity } from "../harness/small-city.ts";

const TICKETS_EACH = 10;

let folder: ReturnType<typeof temporaryFolder>;
let bus: DistributedBus;
let receiver: NotificationReceiver;
const closings: (() => unknown)[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close();
  folder.remove();
});

describe.skipIf(!hasNatsServer())("two notifiers (Debian package nats-server)", () => {
  test("tell each step once: one is at work, and the other where that one is killed", {
    timeout: 400_000,
  }, async () => {
    const nats = await startNatsServer(join(folder.path, "nats"));
    closings.push(() => nats.process.end("SIGKILL"));
    receiver = await startReceiver();
    closings.push(() => receiver.close());
    const { dir } = await smallCity(folder.path, 1, { lon: 120.58, lat: 30 });
    const file = join(folder.path, "receivers.json");
    const hook = { id: "platform", type: "webhook", url: receiver.url, allowHttp: true };
    writeFileSync(file, JSON.stringify({ receivers: [{ ...hook, division: "330600", audiences: ["officers"] }] }));
    const start = async (): Promise<ServiceProcess> => {
      const env = { HOTGRID_NATS_SERVERS: nats.address, HOTGRID_LOG_LEVEL: "info" };
      const common = { dataDir: join(folder.path, "data"), seedsDir: dir, env, words: ["--receivers", file] };
      const service = await startServiceProcess("notifier", common);
      closings.push(() => service.kill());
      return service;
    };
    const [first, second] = await Promise.all([start(), start()]);
    const settings = { servers: [nats.address], name: "test", replicas: 1 } as const;
    bus = await openJetStreamBus({ ...settings, clock: new SystemClock(), log: createLog("test", "silent") });
    closings.push(() => bus.close());

    // Whoever switches notifications on is not told of before: wait until they are.
    let trials = 0;
    await expect
      .poll(() => open(`trial-${trials++}`).then(() => toldOf("trial-")), { timeout: 60_000 })
      .not.toEqual([]);
    await tellsAll("both");
    const atWork = () => [first, second].filter(hasCity);
    await expect.poll(atWork).toHaveLength(1);
    await atWork()[0]?.kill();
    await tellsAll("other");
  });
});

/** One that did not get its turn for the time of its lease has lost the city to the other. */
function hasCity({ output }: ServiceProcess): boolean {
  const changes = output().match(/city (taken over|lost|given back)/g) ?? [];
  return changes.at(-1) === "city taken over";
}

/** Opens tickets, and sees each of them told once. */
async function tellsAll(name: string): Promise<void> {
  const ids = Array.from({ length: TICKETS_EACH }, (_, i) => `${name}-${i}`);
  for (const id of ids) await open(id);
  await expect.poll(() => toldOf(`${name}-`).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(ids.length);
  expect(toldOf(`${name}-`)).toEqual(ids.map((id) => `${id}#1`));
}

async function open(id: string): Promise<void> {
  const at = Date.now();
  const who = { by: "system", byName: "系统", from: null, to: "dispatched", note: "" } as const;
  const ticket = { ...testTicket(at, { severity: "red" }), id };
  const event: TicketEvent = { ticket, entry: { revision: 1, at, action: "open", ...who } };
  await bus.append("tickets", [{ subject: ticketSubject("3306"), data: encodeJson(event) }]);
}

const toldOf = (prefix: string): readonly string[] =>
  receiver.received
    .flatMap(({ news }) => news)
    .filter((id) => id.startsWith(prefix))
    .toSorted();
