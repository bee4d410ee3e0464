import type { Assignment, CalendarDay, DutyShift, Leave } from "@hotgrid/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDuty, type DutyPlan, inTerm } from "./duty.ts";
import { dutySpans } from "./duty-spans.ts";
import { createGrid } from "./grid.ts";
import { squareCity } from "./testing.ts";

const grid = createGrid(squareCity());
const [village, town, county, city] = ["330602001001", "330602001", "330602", "330600"] as const;
const lineage = grid.lineage(village);
const at = Date.parse("2026-11-23T10:00:00+08:00");
const local = (time: string): number => Date.parse(`${time}:00+08:00`);
const HOUR = 3_600_000;

const assign = (
  officerId: string,
  division: string,
  role: Assignment["role"] = "primary",
  from = 0,
  to: number | null = null,
): Assignment => ({ officerId, division, role, from, to });
const shift = (officerId: string, division: string, changes: Partial<DutyShift> = {}): DutyShift => ({
  ...{ officerId, division, days: ["workday", "restday"], start: "00:00", end: "00:00", covers: "own", from: 0 },
  to: null,
  ...changes,
});
const leave = (officerId: string, substituteId: string | null = null, from = 0, to = at + HOUR): Leave => ({
  ...{ officerId, from, to, substituteId },
});
const holiday = (date: string, division: string = city): CalendarDay => ({
  division,
  date,
  kind: "holiday",
  name: "节",
});
const makeUp = (date: string, division: string = city): CalendarDay => ({
  division,
  date,
  kind: "workday",
  name: "调休",
});
const plan = (parts: Partial<DutyPlan>): DutyPlan => ({
  ...{ assignments: [], shifts: [], leaves: [], calendar: [], utcOffset: "+08:00" },
  ...parts,
});
const ask = (parts: Partial<DutyPlan>, when = at) => {
  const { officerId, reason } = createDuty(plan(parts)).onDuty(lineage, when);
  return [officerId, reason];
};

describe("standing assignments", () => {
  test.each<[string, Assignment[], string | null, string]>([
    ["the village's primary comes first", [assign("town", town), assign("a", village)], "a", "assignment-village"],
    ["a deputy steps in while no primary is in term", [assign("d", village, "deputy")], "d", "deputy-village"],
    ["a primary precedes a deputy", [assign("d", village, "deputy"), assign("p", village)], "p", "assignment-village"],
    ["with nobody in the village the town answers", [assign("t", town)], "t", "fallback-town"],
    ["a town's deputy answers before the city", [assign("c", city), assign("t", town, "deputy")], "t", "fallback-town"],
    ["the city answers last", [assign("c", city)], "c", "fallback-city"],
    ["a term begins with its first millisecond", [assign("a", village, "primary", at)], "a", "assignment-village"],
    ["a term has ended with its last", [assign("a", village, "primary", 0, at)], null, "nobody-in-term"],
    ["a term that has not begun does not count", [assign("a", village, "primary", at + 1)], null, "nobody-in-term"],
    [
      "of two primaries the one appointed last",
      [assign("a", village), assign("b", village, "primary", 5)],
      "b",
      "assignment-village",
    ],
    ["of two appointed together the lower id", [assign("b", village), assign("a", village)], "a", "assignment-village"],
    ["somebody of another village does not count", [assign("x", "330602001002")], null, "nobody-in-term"],
    ["a department is on duty for no place", [assign("v", city, "department")], null, "nobody-in-term"],
    ["a maintenance vendor gets no pollution", [assign("v", city, "maintenance")], null, "nobody-in-term"],
  ])("%s", (_rule, assignments, officerId, reason) => {
    expect(ask({ assignments })).toEqual([officerId, reason]);
  });
});

describe("rosters", () => {
  const assignments = [assign("v", village), assign("t", town), assign("c", city)];
  const night = { start: "17:30", end: "08:30" };
  test.each<[string, DutyShift[], string, (string | null)[]]>([
    ["a shift goes before the standing assignment", [shift("s", village)], "2026-11-23T10:00", ["s", "shift-village"]],
    [
      "a town's own shift leaves the village alone",
      [shift("s", town)],
      "2026-11-23T10:00",
      ["v", "assignment-village"],
    ],
    [
      "a town's shift for all below takes over",
      [shift("s", town, { covers: "below" })],
      "2026-11-23T10:00",
      ["s", "shift-town"],
    ],
    [
      "a village's own shift overrides the town's for all below",
      [shift("s", town, { covers: "below" }), shift("w", village)],
      "2026-11-23T10:00",
      ["w", "shift-village"],
    ],
    ["a night begins with its first minute", [shift("n", village, night)], "2026-11-23T17:30", ["n", "shift-village"]],
    ["not a minute before", [shift("n", village, night)], "2026-11-23T17:29", ["v", "assignment-village"]],
    ["it goes on past midnight", [shift("n", village, night)], "2026-11-24T08:29", ["n", "shift-village"]],
    [
      "until its end, which is no longer its",
      [shift("n", village, night)],
      "2026-11-24T08:30",
      ["v", "assignment-village"],
    ],
    [
      "a Friday's night lasts into the Saturday",
      [shift("n", village, { ...night, days: ["fri"] })],
      "2026-11-28T03:00",
      ["n", "shift-village"],
    ],
    [
      "and none begins on the Saturday",
      [shift("n", village, { ...night, days: ["workday"] })],
      "2026-11-28T18:00",
      ["v", "assignment-village"],
    ],
    [
      "a term cuts a night that is under way",
      [shift("n", village, { ...night, to: local("2026-11-24T02:00") })],
      "2026-11-24T02:00",
      ["v", "assignment-village"],
    ],
    [
      "of two lines the one that holds since last",
      [shift("a", village, { from: 1 }), shift("b", village)],
      "2026-11-23T10:00",
      ["a", "shift-village"],
    ],
  ])("%s", (_rule, shifts, when, expected) => {
    expect(ask({ assignments, shifts }, local(when))).toEqual(expected);
  });

  test("hours are the city's local ones, whatever its offset", () => {
    const day = shift("d", village, { start: "08:00", end: "09:00" });
    for (const utcOffset of ["+08:00", "-03:30", "+00:00", "+05:45"]) {
      const duty = createDuty(plan({ shifts: [day], utcOffset }));
      const held = [
        ["07:59:59", null],
        ["08:00:00", "d"],
        ["08:59:59", "d"],
        ["09:00:00", null],
      ] as const;
      for (const [time, officerId] of held)
        expect(duty.onDuty(lineage, Date.parse(`2026-11-23T${time}${utcOffset}`)).officerId).toBe(officerId);
    }
  });
});

describe("the calendar", () => {
  const calendar = [holiday("2026-10-01"), makeUp("2026-10-10"), makeUp("2026-10-01", county)];
  test.each<[string, DutyShift["days"], string, string, boolean]>([
    ["a Thursday of a holiday is a day of rest", ["restday"], town, "2026-10-01", false],
    ["elsewhere in the city, too", ["restday"], city, "2026-10-01", true],
    ["a county may work on it", ["workday"], county, "2026-10-01", true],
    ["and with it the villages below", ["workday"], village, "2026-10-01", true],
    ["a make-up Saturday is a working day", ["workday"], city, "2026-10-10", true],
    ["it is no day of rest", ["restday"], city, "2026-10-10", false],
    ["an ordinary Saturday is one", ["restday"], city, "2026-10-17", true],
    ["but no public holiday", ["holiday"], city, "2026-10-17", false],
    ["a public holiday is one", ["holiday"], city, "2026-10-01", true],
    ["a weekday by its name asks no calendar", ["thu"], city, "2026-10-01", true],
  ])("%s", (_rule, days, division, date, on) => {
    const duty = createDuty(plan({ shifts: [shift("s", division, { days })], calendar }));
    expect(duty.manning(division, local(`${date}T12:00`)) === "manned").toBe(on);
  });
});

describe("leave and substitutes", () => {
  const assignments = [assign("v", village), assign("d", village, "deputy"), assign("t", town)];
  test.each<[string, Leave[], (string | null)[]]>([
    ["a substitute stands in", [leave("v", "s")], ["s", "assignment-village-substitute"]],
    ["without one the deputy", [leave("v")], ["d", "deputy-village"]],
    [
      "a substitute who is away has his own",
      [leave("v", "s"), leave("s", "u")],
      ["u", "assignment-village-substitute"],
    ],
    ["or else the deputy", [leave("v", "s"), leave("s")], ["d", "deputy-village"]],
    ["two who stand in for each other are away", [leave("v", "d"), leave("d", "v")], ["t", "fallback-town"]],
    ["with all away nobody is asked", ["v", "d", "t"].map((id) => leave(id)), [null, "everybody-away"]],
    ["a leave has ended with its last moment", [leave("v", "s", 0, at)], ["v", "assignment-village"]],
    ["a leave begins with its first", [leave("v", "s", at)], ["s", "assignment-village-substitute"]],
  ])("%s", (_rule, leaves, expected) => {
    expect(ask({ assignments, leaves })).toEqual(expected);
  });
});

describe("the maintenance vendor", () => {
  const vendors = [assign("far", city, "maintenance"), assign("near", county, "maintenance", 0, at)];
  test("nearest above the place, while the contract lasts", () => {
    const duty = createDuty(plan({ assignments: vendors }));
    expect(duty.vendor(lineage, at - 1)).toMatchObject({ officerId: "near", reason: "maintenance-vendor" });
    expect(duty.vendor(lineage, at)).toMatchObject({ officerId: "far", division: city });
    expect(createDuty(plan({})).vendor(lineage, at)).toBeNull();
  });
});

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
