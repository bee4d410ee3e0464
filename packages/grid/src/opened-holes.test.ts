import fc from "fast-check";
import { expect, test } from "vitest";
import type { Span } from "./duty-calendar.ts";
import { openedHoles } from "./opened-holes.ts";
import type { CoverageHole } from "./verify-coverage.ts";

const hole = (division: string, ...spans: readonly (readonly [number, number])[]): CoverageHole => ({
  ...{ reason: "no-officer", level: "town", division, name: "塔山街道", cells: [], stations: [] },
  spans: spans.map(([from, to]) => ({ from, to })),
  remedy: { zh: "指定", en: "appoint" },
});
const spansOf = (holes: readonly CoverageHole[]) =>
  holes.map(({ division, spans }) => [division, ...spans.map(({ from, to }) => [from, to])]);

test.each<[string, CoverageHole[], CoverageHole[], unknown]>([
  ["nothing was open, nothing is", [], [], []],
  ["what was open before is not the change's doing", [hole("a", [0, 9])], [hole("a", [0, 9])], []],
  ["nor is what is left of it", [hole("a", [0, 9])], [hole("a", [2, 4], [6, 9])], []],
  ["a new place is", [hole("a", [0, 9])], [hole("a", [0, 9]), hole("b", [3, 5])], [["b", [3, 5]]]],
  ["so are new hours at an old one, and only these", [hole("a", [2, 4])], [hole("a", [0, 9])], [["a", [0, 2], [4, 9]]]],
])("%s", (_rule, before, after, opened) => {
  expect(spansOf(openedHoles(before, after))).toEqual(opened);
});

test("a moment is opened exactly where it was covered before and is not after", () => {
  const spans = fc.uniqueArray(fc.nat(20), { minLength: 2, maxLength: 8 }).map((bounds) => {
    const sorted = bounds.toSorted((a, b) => a - b);
    return sorted.flatMap((from, i) =>
      i % 2 === 0 && sorted[i + 1] !== undefined ? [[from, sorted[i + 1] ?? from] as const] : [],
    );
  });
  const within = (list: readonly Span[], at: number) => list.some(({ from, to }) => from <= at && at < to);
  fc.assert(
    fc.property(spans, spans, (before, after) => {
      const [was, is] = [hole("a", ...before), hole("a", ...after)];
      const opened = openedHoles([was], [is]).flatMap((one) => one.spans);
      for (let at = 0; at < 20; at++) expect(within(opened, at)).toBe(within(is.spans, at) && !within(was.spans, at));
    }),
  );
});
