import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDrawn, localMonth } from "./inspection-draw-store.ts";

const key = "00".repeat(31).concat("2a");
const ids = Array.from({ length: 20_000 }, (_, n) => `261122-${String(n).padStart(5, "0")}`);
const drawn = (share: number, of = key) => ids.filter((id) => isDrawn({ key: of, share }, id));

describe("the draw", () => {
  test("is a function of key and ticket: known answer", () => {
    expect(ids.slice(0, 40).filter((id) => isDrawn({ key, share: 0.1 }, id))).toMatchInlineSnapshot(`
      [
        "261122-00020",
        "261122-00025",
        "261122-00038",
      ]
    `);
  });

  test.each([0.02, 0.1, 0.5])("takes its share of %d of the tickets", (share) => {
    const sigma = Math.sqrt(ids.length * share * (1 - share));
    expect(Math.abs(drawn(share).length - ids.length * share)).toBeLessThan(4 * sigma);
  });

  test("nothing of nothing, all of all, and a larger share takes what a smaller one took", () => {
    expect([drawn(0).length, drawn(1).length]).toEqual([0, ids.length]);
    const larger = new Set(drawn(0.2));
    for (const id of drawn(0.1)) expect(larger.has(id)).toBe(true);
  });

  test("another month's key takes others: who was spared once is not spared for ever", () => {
    const [one, other] = [new Set(drawn(0.5)), drawn(0.5, "7f".repeat(32))];
    const both = other.filter((id) => one.has(id)).length;
    expect(both / ids.length).toBeGreaterThan(0.23);
    expect(both / ids.length).toBeLessThan(0.27);
  });
});

test("a month is the city's, whatever the machine's zone", () => {
  const midnight = Date.parse("2026-12-01T00:00:00+08:00");
  expect([localMonth(midnight - 1, "+08:00"), localMonth(midnight, "+08:00")]).toEqual(["2026-11", "2026-12"]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (at) => {
      expect(localMonth(at, "+00:00")).toBe(new Date(at).toISOString().slice(0, 7));
      expect(localMonth(at, "-03:30") <= localMonth(at, "+08:00")).toBe(true);
    }),
  );
});
