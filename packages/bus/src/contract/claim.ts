import { expect, test } from "vitest";
import { Fenced } from "../port.ts";
import { type ContractRun, textOf } from "./contract-run.ts";

const SUBJECT = "episodes.9901";
const OTHER_SUBJECT = "episodes.9902";
const entry = (text: string) => ({ data: Buffer.from(text), messageId: text });

export function claimContract(run: ContractRun): void {
  const texts = async (count: number) => (await run.read(1, count, SUBJECT, "episodes")).map(textOf);

  test("a writer appends in order, and what it appends twice is there once", async () => {
    const writer = await run.bus.claim("episodes", SUBJECT);
    const [a, b] = await writer.append([entry("a"), entry("b")]);
    const [again, c] = await writer.append([entry("b"), entry("c")]);
    expect(again).toEqual({ seq: b?.seq, duplicate: true });
    expect((a?.seq ?? 0) < (b?.seq ?? 0) && (b?.seq ?? 0) < (c?.seq ?? 0)).toBe(true);
    expect(await texts(3)).toEqual(["a", "b", "c"]);
  });

  test("whoever claims a subject shuts its earlier writer out, before anything new was written", async () => {
    const earlier = await run.bus.claim("episodes", SUBJECT);
    await earlier.append([entry("a")]);
    const later = await run.bus.claim("episodes", SUBJECT);
    await expect(earlier.append([entry("late")])).rejects.toBeInstanceOf(Fenced);
    await expect(earlier.check()).rejects.toBeInstanceOf(Fenced);
    await later.check();
    await later.append([entry("b")]);
    await expect(earlier.append([entry("later still")])).rejects.toBeInstanceOf(Fenced);
    await later.append([entry("c")]);
    expect(await texts(3)).toEqual(["a", "b", "c"]);
  });

  test("writers of different subjects do not disturb each other", async () => {
    const one = await run.bus.claim("episodes", SUBJECT);
    const other = await run.bus.claim("episodes", OTHER_SUBJECT);
    await one.append([entry("a")]);
    await other.append([entry("x")]);
    await one.append([entry("b")]);
    expect(await texts(2)).toEqual(["a", "b"]);
  });

  test("a claim is nothing that a consumer sees or lags behind", async () => {
    const writer = await run.bus.claim("episodes", SUBJECT);
    await writer.append([entry("a")]);
    await run.bus.claim("episodes", SUBJECT);
    const take = (message: { ack(): void }) => {
      message.ack();
      return "enough" as const;
    };
    expect(await run.consume({ batch: 1 }, take, "episodes")).toEqual(["a#1"]);
    const stop = new AbortController();
    const waiting = run.bus.consume(
      "episodes",
      { durable: "d", startAt: "first", batch: 1, ackWaitMs: 10_000, maxDeliveries: 5, backoffMs: [20] },
      async () => undefined,
      stop.signal,
    );
    await expect.poll(() => run.bus.lag("episodes", "d")).toBe(0);
    stop.abort();
    await waiting;
  });
}
