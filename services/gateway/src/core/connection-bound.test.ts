import { expect, test } from "vitest";
import { connectionBound } from "./connection-bound.ts";

const limits = (files: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${files}                20000                files\n`;

test.each([
  ["a process that may open few files takes fewer connections", 50_000, limits("4096"), 3696],
  ["one that may open many takes what it is told to", 10, limits("4096"), 10],
  ["one that may open next to nothing takes one", 10, limits("100"), 1],
  ["no limit is no bound", 50_000, limits("unlimited"), 50_000],
  ["a system that tells no limit is no bound", 50_000, "", 50_000],
])("%s", (_rule, wanted, text, bound) => {
  expect(connectionBound(wanted, text)).toBe(bound);
});
