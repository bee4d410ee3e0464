import type { DutyShift } from "@hotgrid/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDuty, type DutyPlan, inTerm } from "./duty.ts";
import { dutySpans } from "./duty-spans.ts";
import { assign, city, county, HOUR, holiday, leave, lineage, local, makeUp, town, village } from "./testing-duty.ts";

describe("whatever the plan", () => {
  const START = local("2026-11-20T00:00");
  const DAYS = 6;
  const moment = fc.integer({ min: -1, max: DAYS * 48 }).map((half) => START + (half * HOUR) / 2);
  const until = fc.option(moment, { nil: null });
  const person = fc.constantFrom("a", "b", "c", "d");
  const place = fc.constantFrom(village, town, county, city);
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "30"))
    .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${minute}`);
  const term = fc.tuple(moment, until).filter(([from, to]) => to === null || from < to);
  const anyPlan: fc.Arbitrary<DutyPlan> = fc.record({
    assignments: fc.array(
      fc
        .tuple(person, place, fc.constantFrom("primary", "deputy", "maintenance", "department"), term)
        .map(([officerId, division, role, [from, to]]) => assign(officerId, division, role, from, to)),
      { maxLength: 5 },
    ),
    shifts: fc.array(
      fc
        .record({
          division: place,
          officerId: person,
          days: fc.uniqueArray(fc.constantFrom("workday", "restday", "holiday", "fri", "sun"), { minLength: 1 }),
          start: time,
          end: time,
          covers: fc.constantFrom("own", "below"),
          term,
        })
        .map(({ term: [from, to], ...rest }): DutyShift => ({ ...rest, from, to })),
      { maxLength: 4 },
    ),
    leaves: fc.array(
      fc
        .tuple(person, fc.option(person, { nil: null }), moment, moment)
        .map(([officerId, substituteId, a, b]) => leave(officerId, substituteId, Math.min(a, b), Math.max(a, b) + 1)),
      { maxLength: 4 },
    ),
    calendar: fc.constantFrom([], [holiday("2026-11-23")], [makeUp("2026-11-21"), holiday("2026-11-24", county)]),
    utcOffset: fc.constantFrom("+08:00", "-03:30", "+00:00"),
  });
  const span = { from: START, to: START + DAYS * 24 * HOUR };

  test("one officer, who is there and of the lineage, or nobody with the reason", () => {
    fc.assert(
      fc.property(anyPlan, moment, (any, when) => {
        const found = createDuty(any).onDuty(lineage, when);
        const away = new Set(any.leaves.filter((one) => inTerm(one, when)).map(({ officerId }) => officerId));
        const posts = [
          ...any.assignments.filter((one) => ["primary", "deputy"].includes(one.role) && inTerm(one, when)),
          ...any.shifts.filter((one) => inTerm(one, when)),
        ].map(({ officerId }) => officerId);
        if (found.officerId === null) {
          const standing = any.assignments.filter(
            (one) => ["primary", "deputy"].includes(one.role) && inTerm(one, when),
          );
          expect(standing.filter(({ officerId }) => !away.has(officerId))).toEqual([]);
          if (found.reason === "nobody-in-term") expect(standing).toEqual([]);
          return;
        }
        expect(away.has(found.officerId)).toBe(false);
        expect(posts).toContain(found.standsInFor ?? found.officerId);
        if (found.standsInFor !== null) expect(away.has(found.standsInFor)).toBe(true);
        expect(lineage.map(({ code }) => code)).toContain(found.division);
      }),
    );
  });

  test("a substitute never makes a hole, and where one is there somebody is found", () => {
    fc.assert(
      fc.property(anyPlan, moment, fc.nat(), person, (any, when, which, substituteId) => {
        const before = createDuty(any).onDuty(lineage, when);
        const leaves = any.leaves.map((one, index) =>
          index === which % any.leaves.length ? { ...one, substituteId } : one,
        );
        const without = any.leaves.map((one, index) =>
          index === which % any.leaves.length ? { ...one, substituteId: null } : one,
        );
        if (createDuty({ ...any, leaves: without }).onDuty(lineage, when).officerId !== null)
          expect(createDuty({ ...any, leaves }).onDuty(lineage, when).officerId).not.toBeNull();
        if (before.officerId === null) return;
        const gone = leave(before.officerId, "somebody else", when, when + 1);
        expect(createDuty({ ...any, leaves: [...any.leaves, gone] }).onDuty(lineage, when).officerId).not.toBeNull();
      }),
    );
  });

  test("between two changes the answer stays the same, and the spans cover all time once", () => {
    fc.assert(
      fc.property(anyPlan, fc.array(fc.nat({ max: span.to - span.from - 1 }), { maxLength: 20 }), (any, offsets) => {
        const duty = createDuty(any);
        const spans = dutySpans(duty, lineage, span);
        expect(spans[0]?.from).toBe(span.from);
        expect(spans.at(-1)?.to).toBe(span.to);
        for (const [index, one] of spans.entries()) if (index > 0) expect(one.from).toBe(spans[index - 1]?.to);
        for (const when of [
          ...offsets.map((offset) => span.from + offset),
          ...spans.flatMap(({ from, to }) => [from, to - 1]),
        ]) {
          const held = spans.find(({ from, to }) => from <= when && when < to);
          expect(duty.onDuty(lineage, when)).toMatchObject({
            officerId: held?.found.officerId ?? null,
            reason: held?.found.reason,
          });
        }
      }),
    );
  });

  test("the past resolves as it was, whatever is added for later", () => {
    fc.assert(
      fc.property(anyPlan, anyPlan, moment, moment, (any, more, a, b) => {
        const [past, now] = [Math.min(a, b), Math.max(a, b) + 1];
        const later = <T extends { from: number; to: number | null }>(list: readonly T[]): T[] =>
          list.filter(({ to }) => to === null || to > now).map((one) => ({ ...one, from: Math.max(one.from, now) }));
        const grown = {
          ...any,
          assignments: [...any.assignments, ...later(more.assignments)],
          shifts: [...any.shifts, ...later(more.shifts)],
          leaves: [...any.leaves, ...later(more.leaves)],
        };
        expect(createDuty(grown).onDuty(lineage, past)).toEqual(createDuty(any).onDuty(lineage, past));
      }),
    );
  });
});
