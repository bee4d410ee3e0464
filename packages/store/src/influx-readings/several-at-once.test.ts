import { expect, test } from "vitest";
import { severalAtOnce } from "./several-at-once.ts";

test("so many are under way, and the answers have the order of the inputs", async () => {
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
  const begun: number[] = [];
  const working = severalAtOnce([0, 1, 2], 2, async (i) => {
    begun.push(i);
    await gates[i]?.promise;
    return i * 10;
  });
  expect(begun).toEqual([0, 1]);
  gates[1]?.resolve();
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  gates[2]?.resolve();
  gates[0]?.resolve();
  expect(await working).toEqual([0, 10, 20]);
});

test("what fails begins nothing further, and is told when what is under way has ended", async () => {
  const slow = Promise.withResolvers<void>();
  const begun: number[] = [];
  let told = false;
  const working = severalAtOnce([0, 1, 2], 2, async (i) => {
    begun.push(i);
    if (i === 0) throw new Error("no");
    await slow.promise;
  }).catch((error: unknown) => {
    told = true;
    return error;
  });
  await new Promise(setImmediate);
  expect([begun, told]).toEqual([[0, 1], false]);
  slow.resolve();
  expect(await working).toEqual(new Error("no"));
  expect(begun).toEqual([0, 1]);
});
