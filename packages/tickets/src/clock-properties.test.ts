import type { Ticket, TicketHistoryEntry } from "@hotgrid/contracts";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { auditClocks } from "./audit-clocks.ts";
import { decide } from "./decide.ts";
import { openTicket } from "./open-ticket.ts";
import { runDue } from "./run-due.ts";
import { noteRecovered, noteRelapsed } from "./system-steps.ts";
import { testAccount, testEpisode, testPolicy } from "./testing.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const policy = { ...testPolicy("supervisor"), remindAtShares: [0.5, 0.75] };
const administrator = testAccount("administrator");
const above = { officerId: "T", division: "330602001", reason: "raised-to-town" };

/** What happens in a ticket's life, and how long after the one before. */
const happenings = fc.array(
  fc.record({
    what: fc.constantFrom(
      ...(["respond", "handle", "feedback", "suspend", "resume", "transfer", "recovered", "relapsed"] as const),
      "false-alarm" as const,
    ),
    after: fc.integer({ min: 0, max: 10 * HOUR }),
  }),
  { maxLength: 25 },
);
type Happening = typeof happenings extends fc.Arbitrary<readonly (infer H)[]> ? H : never;

interface Life {
  ticket: Ticket;
  readonly history: TicketHistoryEntry[];
}

/** A ticket's life in which the sweep runs at each moment at which something is due, as the dispatcher's does. */
function live(start: number, life: readonly Happening[]): Life {
  const opening = { id: "T1", episode: testEpisode("E1", start), title: { zh: "", en: "" }, target: above };
  const { ticket, entry } = openTicket(opening, policy, start);
  const lived: Life = { ticket, history: [entry] };
  let now = start;
  for (const { what, after } of life) {
    sweep(lived, now + after);
    now += after;
    take(lived, happen(lived.ticket, what, now));
  }
  sweep(lived, now + 40 * 24 * HOUR);
  return lived;
}

function sweep(life: Life, until: number): void {
  for (;;) {
    const running = life.ticket.obligations.flatMap((clock, position) =>
      clock.state === "running" ? [{ position, at: Math.min(clock.dueAt, clock.reminders?.[0] ?? clock.dueAt) }] : [],
    );
    const [next] = running.toSorted((a, b) => a.at - b.at);
    if (next === undefined || next.at > until) return;
    const change = runDue(life.ticket, next.position, null, policy, next.at);
    if (change === null) throw new Error(`due, and nothing to do: ${JSON.stringify(life.ticket)}`);
    take(life, change);
  }
}

function take(life: Life, change: { ticket: Ticket; entry: TicketHistoryEntry } | null): void {
  if (change === null) return;
  life.ticket = change.ticket;
  life.history.push(change.entry);
}

function happen(ticket: Ticket, what: Happening["what"], now: number) {
  if (what === "recovered") return noteRecovered(ticket, { cleanSince: now, reason: "quiet" }, policy, now);
  if (what === "relapsed") return noteRelapsed(ticket, { episodeId: "E1", reason: "re-fired" }, policy, now);
  const bodies = {
    respond: { action: "respond", body: {} },
    handle: { action: "handle", body: {} },
    feedback: { action: "feedback", body: { note: "done", cause: "burning" } },
    suspend: { action: "suspend", body: { note: "later", until: new Date(now + 30 * HOUR).toISOString() } },
    resume: { action: "resume", body: {} },
    "false-alarm": { action: "false-alarm", body: { note: "none", reason: "nothing-there" } },
    transfer: { action: "transfer", body: { note: "to", officerId: "A" }, target: { ...above, officerId: "A" } },
  } as const;
  const result = decide(ticket, bodies[what], administrator, policy, now);
  return "refused" in result ? null : result;
}

const record = ({ ticket, history }: Life) => ({
  ticket,
  history,
  rows: ticket.obligations.map(({ reminders, ...clock }) => ({ ...clock, remindAt: reminders?.[0] ?? null })),
});

/** Any minute of three years: midnights, ends of years and the hours at which other countries change their clocks. */
const starts = fc
  .integer({ min: 0, max: 3 * 365 * 24 * 60 })
  .map((m) => Date.parse("2026-01-01T00:00:00Z") + m * MINUTE);

const zone = process.env["TZ"];
afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

test.each(["Asia/Shanghai", "UTC", "America/New_York", "Australia/Lord_Howe"])(
  "a life takes the same course whenever it begins, on a machine in %s: no boundary of a day makes a difference",
  (tz) => {
    process.env["TZ"] = tz;
    fc.assert(
      fc.property(starts, happenings, (start, life) => {
        const course = (from: number) =>
          live(from, life).history.map(({ at, action, note }) => [at - from, action, note]);
        expect(course(start)).toEqual(course(0));
      }),
      { numRuns: 60 },
    );
  },
);

test("a clock has run its whole time, without the pauses, when it is breached; its reminders came before", () => {
  fc.assert(
    fc.property(starts, happenings, (start, life) => {
      const { ticket, history } = live(start, life);
      const respond = ticket.obligations[0];
      const pauses = pausedMs(history, respond?.settledAt ?? start);
      if (respond?.state !== "breached") return;
      expect((respond.settledAt ?? 0) - start - pauses).toBe(30 * MINUTE);
      const reminded = history.filter((e) => e.note === "respond-due-soon" && e.at < (respond.settledAt ?? 0));
      expect(reminded).toHaveLength(2);
    }),
    { numRuns: 300 },
  );
});

function pausedMs(history: readonly TicketHistoryEntry[], until: number): number {
  let [sum, since] = [0, null as number | null];
  for (const { at, from, to } of history) {
    if (at > until) break;
    if (to === "suspended" && from !== "suspended") since = at;
    if (from === "suspended" && to !== "suspended" && since !== null) [sum, since] = [sum + at - since, null];
  }
  return sum;
}

test("a life whose clocks were all kept stands the audit; what was left out is found", () => {
  fc.assert(
    fc.property(starts, happenings, (start, life) => {
      const lived = live(start, life);
      const end = lived.ticket.updatedAt;
      expect(auditClocks(record(lived), end, 0)).toEqual([]);
      const open = lived.ticket.state !== "closed";
      const late = auditClocks(record(lived), end + 400 * 24 * HOUR, MINUTE).map(({ fault }) => fault);
      expect(new Set(late)).toEqual(new Set(open ? ["not-run"] : []));
    }),
    { numRuns: 200 },
  );
});

test.each<[string, readonly Happening["what"][]]>([
  ["whose air is clean by then", ["respond", "handle", "feedback", "suspend", "recovered"]],
  ["that is closed as a false alarm", ["suspend", "false-alarm"]],
])("what a suspension held back was not skipped by it, on a ticket %s", (_what, happened) => {
  const lived = live(
    0,
    happened.map((what, i) => ({ what, after: i === happened.length - 1 ? 29 * HOUR : 0 })),
  );
  expect(auditClocks(record(lived), lived.ticket.updatedAt, 0)).toEqual([]);
});

test.each<[string, (life: Life) => unknown]>([
  ["no-trace", ({ history }) => history.splice(3, 1, { ...at(history, 3), details: {} })],
  ["history-gap", ({ history }) => history.splice(1, 1)],
  ["no-clock", (life) => setClocks(life, (clock) => (clock.state === "running" ? { ...clock, state: "met" } : clock))],
  ["too-early", (life) => setClocks(life, (clock) => ({ ...clock, dueAt: clock.dueAt + HOUR }))],
])("%s is found", (fault, harm) => {
  const life = live(0, []);
  harm(life);
  expect(auditClocks(record(life), life.ticket.updatedAt, 0).map((finding) => finding.fault)).toContain(fault);
});

test("a person who did the work long after it was due, without any step of the clock, is found", () => {
  const life = live(0, []);
  setClocks(life, (clock) => (clock.state === "breached" ? { ...clock, state: "met", dueAt: 0 } : clock));
  expect(auditClocks(record(life), life.ticket.updatedAt, 0).map(({ fault }) => fault)).toContain("skipped");
});

test("a row that differs from the ticket is found", () => {
  const { rows, ...rest } = record(live(0, []));
  const kept = rows.map((row, position) => (position === 0 ? { ...row, dueAt: 1 } : row));
  expect(auditClocks({ ...rest, rows: kept }, 0, 0)).toMatchObject([{ fault: "row-differs", position: 0 }]);
  expect(auditClocks({ ...rest, rows: rows.slice(1) }, 0, 0).length).toBeGreaterThan(0);
});

function setClocks(life: Life, change: (clock: Ticket["obligations"][number]) => Ticket["obligations"][number]): void {
  life.ticket = { ...life.ticket, obligations: life.ticket.obligations.map(change) };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}
