import { Unavailable } from "@hotgrid/runtime";
import { expect, test } from "vitest";
import { type ContractRun, takeOne } from "./contract-run.ts";

export function restartContract(run: ContractRun): void {
  test("a restart keeps messages, cursors and the numbering", async () => {
    const before = await run.append("a", "b", "c");
    await run.consume({ batch: 1 }, takeOne);
    await run.reopen();
    expect(await run.readTexts(1, 3)).toEqual(["a", "b", "c"]);
    const rest = await run.consume({}, (message, all) => {
      message.ack();
      return all.length === 2 ? "enough" : undefined;
    });
    expect(rest).toEqual(["b#1", "c#1"]);
    const [after] = await run.append("d");
    expect(after?.seq).toBeGreaterThan(before[2]?.seq ?? Number.POSITIVE_INFINITY);
  });

  test("a restart keeps the count of attempts, so that poison does not live for ever", async () => {
    await run.append("poison");
    await expect(run.consume({}, () => Promise.reject(new Error("broke")))).rejects.toThrow("broke");
    await run.reopen();
    expect(await run.consume({}, takeOne)).toEqual(["poison#2"]);
  });

  test("a restart keeps message ids", async () => {
    const keyed = [{ subject: "episodes.9901", data: Buffer.from("e"), messageId: "x" }];
    const [first] = await run.bus.append("episodes", keyed);
    await run.reopen();
    expect(await run.bus.append("episodes", keyed)).toEqual([{ seq: first?.seq, duplicate: true }]);
  });
}

export function requestContract(run: ContractRun): void {
  const ask = async (subject: string, timeoutMs: number) =>
    Buffer.from(await run.bus.request(subject, Buffer.from("q"), timeoutMs)).toString();

  test("a question gets its answer", async () => {
    await run.bus.respond("echo", async (data) => Buffer.concat([Buffer.from("re: "), data]));
    expect(await ask("echo", 30_000)).toBe("re: q");
  });

  test("Unavailable where nobody answers, or not in time, or the answer fails, or no longer", async () => {
    await expect(ask("nobody", 500)).rejects.toBeInstanceOf(Unavailable);
    await run.bus.respond("silent", () => new Promise(() => undefined));
    await expect(ask("silent", 50)).rejects.toBeInstanceOf(Unavailable);
    const stop = await run.bus.respond("answers", () => Promise.reject(new Error("no")));
    await expect(ask("answers", 500)).rejects.toBeInstanceOf(Unavailable);
    await stop();
    await expect(ask("answers", 500)).rejects.toBeInstanceOf(Unavailable);
  });
}
