import { expect, test } from "vitest";
import { BacklogOrder } from "./backlog-order.ts";

const MINUTE = 60_000;

/** A backlog of `count` readings in each line, a reading a second, taken until none is left. */
async function taken(
  counts: readonly number[],
  arrive: (line: number, i: number) => Promise<void> | void,
  order = new BacklogOrder(),
) {
  const all: { line: number; time: number }[] = [];
  const done = Promise.withResolvers<void>();
  const total = counts.reduce((a, b) => a + b);
  const bring = async (count: number, index: number) => {
    const line = order.enter();
    for (let i = 0; i < count; i++) {
      await arrive(index, i);
      order.add(line, () => {
        line.time = i * 1000;
        all.push({ line: index, time: line.time });
        if (all.length === total) done.resolve();
      });
    }
  };
  await Promise.all(counts.map(bring));
  await done.promise;
  return all;
}

/** Largest lead of what was taken over what was taken after it, ms. */
const lead = (all: readonly { time: number }[]): number => {
  let [newest, most] = [Number.NEGATIVE_INFINITY, 0];
  for (const { time } of all) {
    newest = Math.max(newest, time);
    most = Math.max(most, newest - time);
  }
  return most;
};

test("one connection brings hours in one burst, another the same in many: what is taken is in step all the same", async () => {
  const inBursts = async (line: number, i: number) => {
    if (line === 1 && i % 10 === 0) await new Promise(setImmediate);
  };
  // Time stands still: a process that gets no turn itself can't take the others for silent.
  const all = await taken([2000, 2000], inBursts, new BacklogOrder(() => 0));
  expect(lead(all)).toBeLessThan(2 * MINUTE);
});

test("each connection's messages keep their order", async () => {
  const all = await taken([500, 300, 700], () => undefined);
  for (const line of [0, 1, 2]) {
    const times = all.filter((one) => one.line === line).map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
});

test("nobody waits for a connection from which nothing comes", async () => {
  const all = await taken([1000, 1], () => undefined);
  expect(all).toHaveLength(1001);
});

test("what waits on a connection that has ended is not taken", async () => {
  const order = new BacklogOrder();
  const line = order.enter();
  const other = order.enter();
  const heard: string[] = [];
  order.add(line, () => heard.push("ended"));
  order.leave(line);
  const took = Promise.withResolvers<void>();
  order.add(other, () => took.resolve());
  await took.promise;
  expect(heard).toEqual([]);
});
