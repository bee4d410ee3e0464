import fc from "fast-check";
import { expect, test } from "vitest";
import { testItem } from "../testing-core.ts";
import { pauseBeforeNext } from "./back-off.ts";
import { bundle } from "./bundle.ts";
import { fitText } from "./fit-text.ts";

const item = (id: string, group: string, address = "") => testItem("opened", { id }, { id, group, address });
const sizes = (items: Parameters<typeof bundle>[0], left: number) =>
  bundle(items, () => left).map(({ items: its }) => its.map(({ id }) => id).join("+"));

test.each<[string, readonly ReturnType<typeof item>[], number, readonly string[]]>([
  ["one message per group", [item("a", "1"), item("b", "2"), item("c", "1")], 5, ["a+c", "b"]],
  ["as many groups as may be sent are sent", [item("a", "1"), item("b", "2")], 2, ["a", "b"]],
  ["one more than may be sent is a digest of all", [item("a", "1"), item("b", "2"), item("c", "3")], 2, ["a+b+c"]],
  ["what may not be sent at all waits", [item("a", "1")], 0, []],
  ["one address's fill is not another's", [item("a", "1", "138"), item("b", "2", "139")], 1, ["a", "b"]],
])("%s", (_rule, items, left, expected) => {
  expect(sizes(items, left)).toEqual(expected);
});

test("whatever the groups and limits: nothing is in two messages, and no address gets more than it may", () => {
  const items = fc.array(fc.record({ group: fc.constantFrom("1", "2", "3"), address: fc.constantFrom("138", "139") }));
  fc.assert(
    fc.property(items, fc.integer({ min: 0, max: 3 }), (all, left) => {
      const its = all.map(({ group, address }, n) => item(`i${n}`, `${address}/${group}`, address));
      const bundles = bundle(its, () => left);
      const told = bundles.flatMap((one) => one.items.map(({ id }) => id));
      expect(new Set(told).size).toBe(told.length);
      if (left > 0) expect(told.length).toBe(its.length);
      for (const address of ["138", "139"]) {
        expect(bundles.filter((one) => one.address === address).length).toBeLessThanOrEqual(left);
      }
    }),
  );
});

test("a text never exceeds its bytes, whatever is in it, and keeps its title and link where they fit", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 80 });
  fc.assert(
    fc.property(line, fc.array(line, { maxLength: 30 }), fc.integer({ min: 60, max: 2048 }), (title, lines, limit) => {
      expect(Buffer.byteLength(fitText({ title, lines }, limit))).toBeLessThanOrEqual(limit);
    }),
  );
  const lines = [...Array.from({ length: 9 }, (_, n) => `line ${n}`), "https://link"];
  expect(fitText({ title: "title", lines }, 44)).toBe("title\nline 0\nline 1\n… +7\nhttps://link");
});

test("back-off grows, respects what was asked for, and ends", () => {
  expect([1, 2, 3].map((attempts) => pauseBeforeNext(attempts))).toEqual([5000, 15_000, 60_000]);
  expect(pauseBeforeNext(1, 30_000)).toBe(30_000);
  expect(pauseBeforeNext(1, 1e12)).toBe(3_600_000);
  expect(pauseBeforeNext(10)).toBeNull();
});
