import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeadLetter } from "@hotgrid/contracts";
import { createLog, ManualClock, Rejected, Unavailable } from "@hotgrid/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { consumeDecoded, type Decoded } from "./consume-decoded.ts";
import { decodeJson } from "./json-codec.ts";
import type { Bus } from "./port.ts";
import { openSqliteBus } from "./sqlite-bus.ts";

const schema = z.strictObject({ n: z.int() });
const clock = new ManualClock(1_000_000);
const log = createLog("bus-test", "silent");
let folder: string;
let bus: Bus;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotgrid-decoded-"));
  bus = await openSqliteBus({ file: join(folder, "log.db"), clock, log });
});
afterEach(async () => {
  await bus.close();
  await rm(folder, { recursive: true });
});

async function deadLetters(count: number): Promise<DeadLetter[]> {
  const stop = new AbortController();
  const letters: DeadLetter[] = [];
  for await (const batch of bus.read("deadLetters", { from: 1, batch: 10 }, stop.signal)) {
    letters.push(...batch.map((message) => decodeJson(DeadLetter, message.data)));
    if (letters.length >= count) break;
  }
  stop.abort();
  return letters;
}

/** Runs the policy over the texts until `until` numbers were taken. */
async function run(texts: string[], until: number, handle: (n: number, attempt: number) => void): Promise<number[]> {
  await bus.append(
    "readings",
    texts.map((text) => ({ subject: "readings.9901", data: Buffer.from(text) })),
  );
  const stop = new AbortController();
  const taken: number[] = [];
  const options = {
    durable: "d",
    startAt: "first",
    batch: 10,
    ackWaitMs: 5000,
    maxDeliveries: 3,
    backoffMs: [5],
  } as const;
  const handleBatch = async (batch: readonly Decoded<z.output<typeof schema>>[]) => {
    for (const { value, message } of batch) handle(value.n, message.attempt);
    taken.push(...batch.map(({ value }) => value.n));
    if (taken.length >= until) stop.abort();
  };
  await consumeDecoded({ bus, stream: "readings", options, schema, handle: handleBatch, clock, log }, stop.signal);
  return taken;
}

test("what can't be decoded is dead-lettered with its bytes, and the rest of the batch is taken", async () => {
  const taken = await run(["{not json", '{"n":1}', '{"n":"x"}', "\xff", '{"n":2}'], 2, () => undefined);
  expect(taken).toEqual([1, 2]);
  const letters = await deadLetters(2);
  expect(letters.map(({ reason, field }) => [reason, field])).toContainEqual(["undecodable", "n"]);
  expect(letters.map(({ raw }) => Buffer.from(raw, "base64").toString())).toContain("{not json");
  await expect.poll(() => bus.lag("readings", "d")).toBe(0);
});

test("of a batch that is rejected only the message at fault is dead-lettered, with the reason", async () => {
  const taken = await run(['{"n":1}', '{"n":13}', '{"n":2}'], 2, (n) => {
    if (n === 13) throw new Rejected("implausible-value", { zh: "不吉利", en: "unlucky" }, "n");
  });
  expect(taken).toEqual([1, 2]);
  const letters = await deadLetters(1);
  expect(letters).toHaveLength(1);
  expect(letters[0]).toMatchObject({
    reason: "implausible-value",
    field: "n",
    message: { zh: "不吉利", en: "unlucky" },
  });
});

test("Unavailable comes again later, and nothing is dead-lettered", async () => {
  const taken = await run(['{"n":1}'], 1, (_n, attempt) => {
    if (attempt === 1) throw new Unavailable("store is away", { retryAfterMs: 10 });
  });
  expect(taken).toEqual([1]);
  expect((await bus.info("deadLetters")).lastSeq).toBe(0);
});

test("anything else is a bug and stops the consumer", async () => {
  const bug = new TypeError("bug");
  await expect(
    run(['{"n":1}'], 1, () => {
      throw bug;
    }),
  ).rejects.toBe(bug);
});
