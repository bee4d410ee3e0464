import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, openJetStreamBus, openSqliteBus } from "@hotgrid/bus";
import { ticketSubject } from "@hotgrid/contracts";
import { NOTIFIER_DELIVERY } from "@hotgrid/notifier-service";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasNatsServer, startNatsServer } from "../../../../test/harness/servers/nats-server.ts";
import { moveLog } from "./move-log.ts";
import { MoveProgress } from "./move-progress.ts";

const CITY = "3306";
const [clock, log] = [new SystemClock(), createLog("move-test", "silent")];
const NOTIFIER = { ...NOTIFIER_DELIVERY, batch: 1, subject: ticketSubject(CITY) };

let folder: string;
const closings: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-move-log-"));
});
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close();
  rmSync(folder, { recursive: true });
});

const tell = (bus: Bus, texts: readonly string[]) =>
  bus.append(
    "tickets",
    texts.map((text) => ({ subject: ticketSubject(CITY), data: Buffer.from(text) })),
  );

/** What the notifier takes, from when it has begun to when it is stopped. */
async function listen(bus: Bus): Promise<{ heard: readonly string[]; stop: () => Promise<void> }> {
  const stop = new AbortController();
  const heard: string[] = [];
  const listening = bus.consume(
    "tickets",
    NOTIFIER,
    async (batch) => {
      for (const message of batch) {
        heard.push(Buffer.from(message.data).toString());
        message.ack();
      }
    },
    stop.signal,
  );
  return {
    heard,
    stop: async () => {
      await expect.poll(() => bus.lag("tickets", "notifier")).toBe(0);
      stop.abort();
      await listening;
    },
  };
}

async function move(): Promise<Bus> {
  const server = await startNatsServer(join(folder, "nats"));
  closings.push(() => server.process.end("SIGKILL"));
  const bus = await openJetStreamBus({ servers: [server.address], name: "test", replicas: 1, clock, log });
  closings.push(() => bus.close());
  const files = { log: join(folder, "log.sqlite"), snapshot: join(folder, "none.snapshot") };
  await moveLog(files, bus, CITY, MoveProgress.open(join(folder, "migrate.json"), "target"));
  return bus;
}

describe.skipIf(!hasNatsServer())("hotgrid migrate and the notifier (Debian package nats-server)", () => {
  test("what it has not told yet it tells afterwards, and what comes before its first start there", async () => {
    const embedded = await openSqliteBus({ file: join(folder, "log.sqlite"), clock, log });
    const before = await listen(embedded);
    await expect.poll(() => tell(embedded, ["told"]).then(() => before.heard)).toContain("told");
    await before.stop();
    await tell(embedded, ["untold"]);
    await embedded.close();
    const moved = await move();
    await tell(moved, ["meanwhile"]);
    const after = await listen(moved);
    await expect.poll(() => after.heard).toEqual(["untold", "meanwhile"]);
    await after.stop();
  });

  test("where nobody was told of anything, the past is not told afterwards either", async () => {
    const embedded = await openSqliteBus({ file: join(folder, "log.sqlite"), clock, log });
    await tell(embedded, ["past"]);
    await embedded.close();
    const moved = await move();
    const after = await listen(moved);
    await expect.poll(() => tell(moved, ["now"]).then(() => after.heard)).toContain("now");
    await after.stop();
    expect(after.heard).not.toContain("past");
  });
});
