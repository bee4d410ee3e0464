import { DeadLetter } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { decodeJson } from "../json-codec.ts";
import type { Delivery } from "../port.ts";
import { type ContractRun, entry, OTHER_SUBJECT, SUBJECT, takeOne } from "./contract-run.ts";

const enough = (yes: boolean): "enough" | undefined => (yes ? "enough" : undefined);

export function consumeContract(run: ContractRun): void {
  test("a consumer gets messages once each and in order while nothing fails", async () => {
    await run.append("a", "b");
    const seen = await run.consume({ batch: 2 }, async (message, all) => {
      message.ack();
      if (all.length === 2) await run.append("c");
      return enough(all.length === 3);
    });
    expect(seen).toEqual(["a#1", "b#1", "c#1"]);
    await expect.poll(() => run.bus.lag("readings", "d")).toBe(0);
  });

  test("a consumer of one subject gets no other, and its lag counts no other", async () => {
    await run.bus.append("readings", [entry("a"), entry("other", OTHER_SUBJECT), entry("b"), entry("c")]);
    const take = (message: { ack(): void }, all: readonly string[]) => {
      message.ack();
      return enough(all.length === 2);
    };
    expect(await run.consume({ subject: SUBJECT, batch: 2 }, take)).toEqual(["a#1", "b#1"]);
    await expect.poll(() => run.bus.lag("readings", "d")).toBe(1);
  });

  test("a new durable starts at the first message or at what comes next, as it says", async () => {
    await run.append("old");
    const late = run.consume({ durable: "late", startAt: "new" }, takeOne);
    const repeat = setInterval(() => void run.append("new"), 20);
    expect((await late)[0]).toBe("new#1");
    clearInterval(repeat);
    const early = await run.consume({ durable: "early", batch: 1 }, () => "enough");
    expect(early).toEqual(["old#1"]);
  });

  test("a consumer that gathers gets in one hand-over what came meanwhile", async () => {
    await run.append("a");
    const sizes: number[] = [];
    const enough = new AbortController();
    const handle = async (batch: readonly Delivery[]) => {
      sizes.push(batch.length);
      for (const message of batch) message.ack();
      if (sizes.length === 1) for (const text of ["b", "c", "d"]) await run.append(text);
      else enough.abort();
    };
    const options = { durable: "d", startAt: "first", batch: 10, gatherMs: 300, ackWaitMs: 60_000 } as const;
    await run.bus.consume("readings", { ...options, maxDeliveries: 3, backoffMs: [50] }, handle, enough.signal);
    expect(sizes).toEqual([1, 3]);
  });

  test("a refused message comes again after its pause, and others are not held up", async () => {
    await run.append("a", "b");
    const seen = await run.consume({ batch: 1, backoffMs: [50] }, (message, all) => {
      if (all.length === 1) message.nak();
      else message.ack();
      return enough(all.length === 3);
    });
    expect(seen).toEqual(["a#1", "b#1", "a#2"]);
  });

  test("a message that nobody settled comes again after the wait", async () => {
    await run.append("a");
    const seen = await run.consume({ ackWaitMs: 200 }, (message, all) => {
      if (all.length === 2) message.ack();
      return enough(all.length === 2);
    });
    expect(seen).toEqual(["a#1", "a#2"]);
  });

  test("a terminated message never comes again", async () => {
    await run.append("bad", "good");
    await run.consume({ batch: 1 }, (message, all) => {
      message.term();
      return enough(all.length === 1);
    });
    expect(await run.consume({ batch: 1 }, () => "enough")).toEqual(["good#1"]);
  });

  test("a message that fails too often goes to the dead letters with its bytes, and the rest goes on", async () => {
    const [poison] = await run.append("poison", "good");
    const seen = await run.consume({ maxDeliveries: 2, batch: 1, backoffMs: [5] }, async (message, all) => {
      if (message.seq === poison?.seq) message.nak();
      else message.ack();
      return enough(all.length === 3);
    });
    expect(seen.toSorted()).toEqual(["good#1", "poison#1", "poison#2"]);
    const rest = run.consume({ maxDeliveries: 2 }, takeOne);
    const [letter] = await run.read(1, 1, undefined, "deadLetters");
    const dead = decodeJson(DeadLetter, letter?.data ?? new Uint8Array());
    expect(dead.reason).toBe("max-deliveries");
    expect(dead.source).toEqual({ kind: "READINGS", stationId: null, subject: SUBJECT });
    expect(Buffer.from(dead.raw, "base64").toString()).toBe("poison");
    await run.append("later");
    expect(await rest).toEqual(["later#1"]);
  });

  test("a dead letter has nowhere else to go: it comes again until it is taken", async () => {
    await run.bus.append("deadLetters", [entry("letter", "deadletters.9901")]);
    const take = (message: Delivery) => {
      if (message.attempt < 4) message.nak();
      else return takeOne(message);
    };
    const seen = await run.consume({ maxDeliveries: 2, backoffMs: [5] }, take, "deadLetters");
    expect(seen.at(-1)).toBe("letter#4");
    expect((await run.bus.info("deadLetters")).lastSeq).toBe(1);
  });

  test("what a handler throws ends the consumer, and its messages come again", async () => {
    await run.append("a");
    const broken = new Error("handler broke");
    await expect(run.consume({}, () => Promise.reject(broken))).rejects.toBe(broken);
    const again = await run.consume({}, takeOne);
    expect(again).toEqual(["a#2"]);
  });

  test("instances with the same durable share the work", async () => {
    const stop = new AbortController();
    const texts = Array.from({ length: 40 }, (_, i) => `m${i}`);
    const seen: string[] = [];
    const work = () =>
      run.consume({ batch: 1 }, async (message) => {
        seen.push(Buffer.from(message.data).toString());
        message.ack();
        if (seen.length === texts.length) stop.abort();
        return enough(stop.signal.aborted);
      });
    const workers = [work(), work()];
    await run.append(...texts);
    await Promise.any(workers);
    expect(seen.toSorted()).toEqual(texts.toSorted());
    // The other one waits for a message yet: give it one, to see that it ends.
    await run.append("end");
    await Promise.all(workers);
  });

  test("durables with different names each get everything", async () => {
    await run.append("a");
    const take = (durable: string) => run.consume({ durable }, takeOne);
    expect(await Promise.all([take("one"), take("two")])).toEqual([["a#1"], ["a#1"]]);
  });

  test("the lag is what is not acknowledged: not delivered, or in hand", async () => {
    await run.append("a", "b", "c");
    await run.consume({ batch: 1 }, (message, all) => {
      if (all.length === 1) message.ack();
      return enough(all.length === 2);
    });
    await expect.poll(() => run.bus.lag("readings", "d")).toBe(2);
  });
}
