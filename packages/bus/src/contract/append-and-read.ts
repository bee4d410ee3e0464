import { expect, test } from "vitest";
import { type ContractRun, entry, OTHER_SUBJECT, SUBJECT, textOf } from "./contract-run.ts";

export function appendAndReadContract(run: ContractRun): void {
  test("an empty log has nothing kept and nothing before", async () => {
    const { firstSeq, lastSeq } = await run.bus.info("readings");
    expect([firstSeq, lastSeq]).toEqual([1, 0]);
  });

  test("positions rise in the order of appending, also of appends at the same time", async () => {
    const results = await Promise.all(Array.from({ length: 50 }, (_, i) => run.append(`a${i}`, `b${i}`)));
    const positions = results.flat().map((appended) => appended.seq);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(positions).size).toBe(100);
    const texts = await run.readTexts(1, 100);
    expect(texts).toEqual(Array.from({ length: 50 }, (_, i) => [`a${i}`, `b${i}`]).flat());
    expect(await run.bus.info("readings")).toEqual({ firstSeq: positions[0], lastSeq: positions[99] });
  });

  test("what was appended can be read at its position, byte for byte", async () => {
    const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const [appended] = await run.bus.append("readings", [{ subject: SUBJECT, data }]);
    const [message] = await run.read(appended?.seq ?? 0, 1);
    expect(message?.seq).toBe(appended?.seq);
    expect(message?.subject).toBe(SUBJECT);
    expect([...(message?.data ?? [])]).toEqual([...data]);
  });

  test("an append of nothing is nothing", async () => {
    expect(await run.bus.append("readings", [])).toEqual([]);
    expect((await run.bus.info("readings")).lastSeq).toBe(0);
  });

  test("a message id seen before is not appended again, and answers with the first position", async () => {
    const keyed = (messageId: string) => [{ ...entry("e", "episodes.9901"), messageId }];
    const [first] = await run.bus.append("episodes", keyed("x"));
    const [again] = await run.bus.append("episodes", keyed("x"));
    const [other] = await run.bus.append("episodes", keyed("y"));
    expect(again).toEqual({ seq: first?.seq, duplicate: true });
    expect(other?.duplicate).toBe(false);
    expect(await run.read(1, 2, undefined, "episodes")).toHaveLength(2);
  });

  test("streams do not mix", async () => {
    await run.append("r");
    await run.bus.append("stations", [entry("s", "stations.9901")]);
    expect((await run.read(1, 1, undefined, "stations")).map(textOf)).toEqual(["s"]);
  });

  test("a reader starts where it says, gets its subject only, and waits for more", async () => {
    const [first] = await run.append("a");
    await run.bus.append("readings", [entry("other", OTHER_SUBJECT)]);
    await run.append("b");
    expect(await run.readTexts(1, 2, SUBJECT)).toEqual(["a", "b"]);
    const waiting = run.readTexts((first?.seq ?? 0) + 1, 3);
    await run.append("c");
    expect(await waiting).toEqual(["other", "b", "c"]);
  });

  test("a reader of what is new gets nothing from before", async () => {
    await run.append("old");
    const stop = new AbortController();
    const reading = run.bus.read("readings", { from: "new", batch: 1 }, stop.signal)[Symbol.asyncIterator]();
    const first = reading.next();
    const repeat = setInterval(() => void run.append("new"), 20);
    const { value } = await first;
    clearInterval(repeat);
    stop.abort();
    expect(value?.map(textOf)).toEqual(["new"]);
  });

  test("a reader that waits ends when told", async () => {
    const stop = new AbortController();
    const reading = run.bus.read("readings", { from: 1, batch: 1 }, stop.signal)[Symbol.asyncIterator]();
    const next = reading.next();
    stop.abort();
    expect((await next).done).toBe(true);
  });
}
