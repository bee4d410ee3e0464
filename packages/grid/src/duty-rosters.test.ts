import type { DutyShift } from "@hotgrid/contracts";
import { describe, expect, test } from "vitest";
import { createDuty } from "./duty.ts";
import {
  ask,
  assign,
  city,
  county,
  holiday,
  lineage,
  local,
  makeUp,
  plan,
  shift,
  town,
  village,
} from "./testing-duty.ts";

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
