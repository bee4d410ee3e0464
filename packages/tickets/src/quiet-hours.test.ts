import { Severity } from "@hotgrid/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beginOf, dueAt, startClock } from "./clocks.ts";
import { QuietHours, quietUntil } from "./quiet-hours.ts";
import { testPolicy, testTicket } from "./testing.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("quiet hours", () => {
  const night = [{ from: "22:00", to: "07:00", severities: ["yellow"] as const }].map((q) => ({
    ...q,
    severities: [...q.severities],
  }));
  test.each([
    ["begin at their minute", "22:00", "2026-11-23T07:00"],
    ["cross midnight", "00:00", "2026-11-22T07:00"],
    ["hold in their last minute", "06:59", "2026-11-22T07:00"],
    ["end at their minute", "07:00", null],
    ["are not yet in the minute before", "21:59", null],
  ])("%s", (_rule, time, end) => {
    const until = quietUntil(night, "yellow", Date.parse(`2026-11-22T${time}:00+08:00`), 480);
    expect(until).toBe(end === null ? null : Date.parse(`${end}:00+08:00`));
  });

  test("whatever the hours and the offset: they end within a day, in a minute that is not quiet by the same hours", () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    const text = ([h, m]: [number, number]) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`;
    const offset = fc.integer({ min: -720, max: 840 });
    fc.assert(
      fc.property(time, time, fc.integer({ min: 0, max: 4e12 }), offset, (from, to, now, minutes) => {
        fc.pre(text(from) !== text(to));
        const hours = [{ from: text(from), to: text(to), severities: [...Severity.options] }];
        const until = quietUntil(hours, "red", now, minutes);
        if (until === null) return;
        expect(until).toBeGreaterThan(now);
        expect(until - now).toBeLessThanOrEqual(24 * HOUR);
        expect(until % MINUTE).toBe(0);
        expect(quietUntil(hours, "red", until, minutes)).toBeNull();
      }),
    );
  });

  test("that follow upon each other are one; those without a length are refused", () => {
    const hours = [
      { from: "22:00", to: "00:00", severities: ["yellow" as const] },
      { from: "00:00", to: "06:30", severities: ["yellow" as const] },
    ];
    expect(quietUntil(hours, "yellow", Date.parse("2026-11-22T22:30:00+08:00"), 480)).toBe(
      Date.parse("2026-11-23T06:30:00+08:00"),
    );
    expect(QuietHours.safeParse({ from: "22:00", to: "22:00", severities: [] }).success).toBe(false);
  });
});

describe("an officer's clock", () => {
  const quietHours = [{ from: "22:00", to: "07:00", severities: ["yellow" as const] }];
  const policy = { ...testPolicy(), quietHours, remindAtShares: [0.75] };
  const clocksOf = (severity: Severity, opened: string) =>
    testTicket(Date.parse(`2026-11-22T${opened}:00+08:00`), { severity }, policy).obligations.map(
      ({ kind, dueAt: due }) => `${kind} ${new Date(due + 8 * HOUR).toISOString().slice(5, 16)}`,
    );

  test.each<[string, Severity, string, string[]]>([
    [
      "begins with the morning, when he is told",
      "yellow",
      "23:00",
      ["respond 11-23T08:00", "handle 11-23T15:00", "feedback 11-25T07:00"],
    ],
    [
      "that began before the night runs on",
      "yellow",
      "21:30",
      ["respond 11-22T22:30", "handle 11-23T05:30", "feedback 11-24T21:30"],
    ],
    [
      "of what wakes him begins at once",
      "orange",
      "23:00",
      ["respond 11-22T23:30", "handle 11-23T03:00", "feedback 11-23T23:00"],
    ],
  ])("%s", (_rule, severity, opened, expected) => {
    expect(clocksOf(severity, opened)).toEqual(expected);
  });

  test("whenever it is started, has its whole time from a moment at which he may be told, and reminds him after it", () => {
    const moments = fc.integer({ min: 0, max: 3 * 365 * 24 * 60 }).map((m) => Date.UTC(2026, 0, 1) + m * MINUTE);
    const officers = fc.constantFrom("respond" as const, "handle" as const, "feedback" as const);
    const offsets = fc.integer({ min: -14, max: 14 }).map((hours) => hours * 60);
    fc.assert(
      fc.property(
        moments,
        officers,
        offsets,
        fc.constantFrom(...Severity.options),
        (now, kind, offsetMinutes, severity) => {
          const here = { ...policy, offsetMinutes };
          const ticket = testTicket(now, { severity }, here);
          const began = beginOf(kind, ticket, here, now);
          const whole = dueAt(kind, ticket, { ...here, quietHours: [] }, now) - now;
          expect(dueAt(kind, ticket, here, now)).toBe(began + whole);
          expect(quietUntil(quietHours, severity, began, offsetMinutes)).toBeNull();
          for (const at of startClock(kind, ticket, here, now).reminders ?? []) expect(at).toBeGreaterThan(began);
        },
      ),
    );
  });
});
