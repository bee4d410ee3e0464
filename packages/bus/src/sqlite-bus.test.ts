import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STREAMS } from "@hotgrid/contracts";
import { type Clock, createLog, ManualClock } from "@hotgrid/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Bus } from "./port.ts";
import { openSqliteBus } from "./sqlite-bus.ts";
import { busContract } from "./testing.ts";

const log = createLog("bus-test", "silent");

async function openInTemporaryFolder(clock: Clock) {
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-bus-"));
  const open = () => openSqliteBus({ file: join(folder, "log.db"), clock, log });
  let bus = await open();
  return {
    bus,
    reopen: async () => {
      await bus.close();
      bus = await open();
      return bus;
    },
    close: async () => {
      await bus.close();
      await rm(folder, { recursive: true });
    },
  };
}

busContract("SQLite", openInTemporaryFolder);

const DAY_MS = 86_400_000;
let clock: ManualClock;
let opened: Awaited<ReturnType<typeof openInTemporaryFolder>>;
let bus: Bus;
beforeEach(async () => {
  clock = new ManualClock(Date.parse("2026-11-22T08:00:00+08:00"));
  opened = await openInTemporaryFolder(clock);
  bus = opened.bus;
});
afterEach(() => opened.close());

const entries = (...texts: string[]) =>
  texts.map((text) => ({ subject: "readings.9901", data: Buffer.from(text), messageId: text }));

test("what is past its age is swept, and numbers go on where they were, also after a restart", async () => {
  await bus.append("readings", entries("a", "b"));
  clock.advanceTo(clock.now() + STREAMS.readings.maxAgeMs - DAY_MS);
  const [kept] = await bus.append("readings", entries("c"));
  clock.advanceTo(clock.now() + DAY_MS);
  await expect.poll(() => bus.info("readings")).toEqual({ firstSeq: kept?.seq, lastSeq: kept?.seq });
  clock.advanceTo(clock.now() + STREAMS.readings.maxAgeMs);
  await expect.poll(() => bus.info("readings")).toEqual({ firstSeq: 4, lastSeq: 3 });
  bus = await opened.reopen();
  expect(await bus.append("readings", entries("d"))).toEqual([{ seq: 4, duplicate: false }]);
});

test("a message id is forgotten after its window", async () => {
  const [first] = await bus.append("deadLetters", entries("x"));
  clock.advanceTo(clock.now() + STREAMS.deadLetters.duplicateWindowMs - 1);
  expect(await bus.append("deadLetters", entries("x"))).toEqual([{ seq: first?.seq, duplicate: true }]);
  clock.advanceTo(clock.now() + 1);
  expect(await bus.append("deadLetters", entries("x"))).toEqual([{ seq: 2, duplicate: false }]);
});
