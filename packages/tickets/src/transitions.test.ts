import { ROLES, TICKET_ACTIONS, TICKET_STATES, type Ticket, type TicketState } from "@hotgrid/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowedActions, type Command, decide } from "./decide.ts";
import { noteChosen } from "./inspection-steps.ts";
import { runDue } from "./run-due.ts";
import { noteInterference, noteRecovered, noteRelapsed, recur, updateFromEpisode } from "./system-steps.ts";
import type { Change } from "./take-step.ts";
import { testAccount, testEpisode, testPolicy, testTicket } from "./testing.ts";
import type { TicketPolicy } from "./ticket-policy.ts";
import { RUNNING, type Step, TRANSITIONS, type Transition } from "./transitions.ts";

const HOUR = 3_600_000;
const target = { officerId: "T", division: "330602001", reason: "escalation-town" };

/** States that a step leads to; a suspension may end in each state that it may begin in. */
function destinations(state: TicketState): TicketState[] {
  const suspendable = TICKET_STATES.filter((from) => TRANSITIONS[from].suspend !== undefined);
  return Object.values(TRANSITIONS[state]).flatMap(({ to }: Transition) => {
    if (to === "same") return [state];
    return to === "before-suspension" ? suspendable : [to];
  });
}
function reachable(from: TicketState): Set<TicketState> {
  const seen = new Set([from]);
  for (const state of seen) for (const next of destinations(state)) seen.add(next);
  return seen;
}

describe("the table", () => {
  test("every state is reached from the first", () => {
    expect([...reachable("dispatched")].toSorted()).toEqual([...TICKET_STATES].toSorted());
  });

  test.each(TICKET_STATES)("from %s a ticket can be closed, and can come back", (state) => {
    expect(reachable(state)).toContain("closed");
    expect(reachable(state)).toContain("dispatched");
  });

  test.each(TICKET_STATES.filter((state) => state !== "closed"))(
    "while %s a clock runs, and its end has a step",
    (state) => {
      const ends: Record<string, Step[]> = {
        respond: ["respond-overdue"],
        handle: [state === "responded" ? "response-lapsed" : "handle-overdue"],
        feedback: ["feedback-overdue"],
        recovery: ["recovery-overdue"],
        hold: ["hold-over"],
        verify: ["objection-over", "verify-overdue"],
        resume: ["suspension-over"],
      };
      expect(RUNNING[state].length).toBeGreaterThan(0);
      for (const kind of RUNNING[state]) {
        for (const step of ends[kind] ?? []) expect(TRANSITIONS[state][step], `${state}: ${step}`).toBeDefined();
      }
    },
  );

  test.each(TICKET_ACTIONS)("%s is possible somewhere, for somebody", (action) => {
    expect(TICKET_STATES.some((state) => (TRANSITIONS[state][action]?.by.length ?? 0) > 0)).toBe(true);
  });
});

/** Anything that may happen to a ticket, by anybody. */
const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>(
    { action: "respond", body: {} },
    { action: "handle", body: {} },
    { action: "feedback", body: { note: "done", cause: "burning" } },
    { action: "verify", body: { passed: true } },
    { action: "verify", body: { passed: false } },
    { action: "close", body: {} },
    { action: "return", body: { note: "no" }, target },
    { action: "escalate", body: { note: "up" }, target: null },
    { action: "transfer", body: { note: "to", officerId: "A" }, target: { ...target, officerId: "A" } },
    { action: "supervise", body: { note: "go" } },
    { action: "resume", body: {} },
    { action: "reopen", body: { note: "again" }, target },
    { action: "false-alarm", body: { note: "no", reason: "weather" } },
    { action: "inspect", body: { passed: true, note: "ok" } },
    { action: "inspect", body: { passed: false, note: "no", plan: "until Friday" }, target },
    { action: "comment", body: { note: "ok" } },
    { action: "merge", body: { into: "x" }, into: { ...testTicket(0), id: "x" } },
  ),
  fc.integer({ min: 0, max: 100 }).map(
    (hours): Command => ({
      action: "suspend",
      body: { note: "later", until: new Date(hours * HOUR).toISOString() },
    }),
  ),
);
const accounts = fc
  .record({
    role: fc.constantFrom(...ROLES),
    division: fc.constantFrom("330600", "330602", "330602001001", "330603"),
    officerId: fc.constantFrom(null, "A", "T", "Z"),
  })
  .map(({ role, division, officerId }) => testAccount(role, division, officerId));
const administrator = testAccount("administrator");
const inspector = testAccount("inspector", "330602");
const inspections = fc
  .boolean()
  .map(
    (passed): Command =>
      passed
        ? { action: "inspect", body: { passed, note: "ok" } }
        : { action: "inspect", body: { passed, note: "no", plan: "until Friday" }, target },
  );
/** Half of what happens goes on with the loop, so that random lives get to its end. */
const events = fc.oneof(
  { weight: 5, arbitrary: fc.constant("onward" as const) },
  { weight: 3, arbitrary: fc.record({ command: commands, account: accounts }) },
  { weight: 1, arbitrary: fc.record({ command: commands, account: fc.constant(administrator) }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("recovered", "relapsed", "redder", "due", "recurred", "sprayed", "chosen" as const),
  },
  { weight: 2, arbitrary: fc.record({ command: inspections, account: fc.constant(inspector) }) },
);
type Event = typeof events extends fc.Arbitrary<infer E> ? E : never;

const byAdministrator = (command: Command) => ({ command, account: administrator });
const ONWARD: Readonly<Record<TicketState, Event>> = {
  dispatched: byAdministrator({ action: "respond", body: {} }),
  responded: byAdministrator({ action: "handle", body: {} }),
  handling: byAdministrator({ action: "feedback", body: { note: "done", cause: "burning" } }),
  feedback: "due",
  verification: byAdministrator({ action: "verify", body: { passed: true } }),
  suspended: "due",
  closed: "recurred",
};
const onward = (ticket: Ticket): Event =>
  ticket.state === "feedback" && ticket.recoveredAt === null ? "recovered" : ONWARD[ticket.state];

function happen(ticket: Ticket, event: Event, policy: TicketPolicy, now: number): Change | null {
  if (typeof event !== "string") {
    const result = decide(ticket, event.command, event.account, policy, now);
    return "refused" in result ? null : result;
  }
  const texts = { title: ticket.title, explanation: ticket.explanation };
  switch (event) {
    case "onward":
      return happen(ticket, onward(ticket), policy, now);
    case "recovered":
      return noteRecovered(ticket, { cleanSince: now, reason: "quiet" }, policy, now);
    case "sprayed":
      return noteInterference(ticket, "I1", policy, now);
    case "relapsed":
      return noteRelapsed(ticket, { episodeId: "E1", reason: "re-fired" }, policy, now);
    case "redder":
      return updateFromEpisode(ticket, testEpisode("E1", 0, { severity: "red" }), texts, false, policy, now);
    case "recurred":
      if (ticket.state !== "closed" || ticket.mergedInto !== undefined) return null;
      return recur(ticket, testEpisode("E2", now), texts, target, policy, now);
    case "chosen":
      if (ticket.state !== "closed" || ticket.inspection?.state === "pending") return null;
      return noteChosen(ticket, { reason: "sampled", period: "1970-01" }, policy, now);
    case "due": {
      const position = ticket.obligations.findIndex((clock) => clock.state === "running" && clock.dueAt <= now);
      return runDue(ticket, position, now % 2 === 0 ? target : null, policy, now);
    }
  }
}

const lives = fc.array(fc.record({ event: events, pause: fc.integer({ min: 0, max: 8 * HOUR }) }), {
  minLength: 40,
  maxLength: 80,
});
const verification = fc.constantFrom("sensor", "supervisor" as const);

/** Calls `check` with every change of a random life. */
function everyChange(
  check: (before: Ticket, change: Change, event: Event, policy: TicketPolicy, now: number) => void,
): void {
  fc.assert(
    fc.property(lives, verification, (life, by) => {
      const policy = testPolicy(by);
      let now = 0;
      let ticket = testTicket(now, {}, policy);
      for (const { event, pause } of life) {
        now += pause;
        const change = happen(ticket, event, policy, now);
        if (change === null) continue;
        check(ticket, change, event, policy, now);
        ticket = change.ticket;
      }
    }),
    { numRuns: 300 },
  );
}

describe("any life of a ticket", () => {
  test("an open ticket always has a running clock, and only those of its state, one of a kind", () => {
    everyChange((_before, { ticket }) => {
      const running = ticket.obligations.filter((clock) => clock.state === "running").map((clock) => clock.kind);
      expect(new Set(running).size).toBe(running.length);
      for (const kind of running) expect(RUNNING[ticket.state]).toContain(kind);
      if (ticket.state !== "closed") expect(running.length).toBeGreaterThan(0);
      if (ticket.state !== "suspended") expect(ticket.obligations.some((c) => c.state === "paused")).toBe(false);
    });
  });

  test("it is closed only with feedback and recovery, by a merge, or as a false alarm", () => {
    everyChange((_before, { ticket }) => {
      if (ticket.state !== "closed" || ticket.mergedInto !== undefined || ticket.falseAlarm) return;
      expect(ticket.feedbackAt).not.toBeNull();
      expect(ticket.recoveredAt).not.toBeNull();
      expect(["handled-and-recovered", "recovered-before-handling", "interference-suspected"]).toContain(
        ticket.recovery,
      );
    });
  });

  test("every change has the next revision and one line of history; settled clocks never change again", () => {
    everyChange((before, { ticket, entry }) => {
      expect([ticket.revision, entry.revision]).toEqual([before.revision + 1, before.revision + 1]);
      expect([entry.from, entry.to]).toEqual([before.state, ticket.state]);
      for (const [position, clock] of before.obligations.entries()) {
        if (clock.state === "running" || clock.state === "paused") continue;
        expect(ticket.obligations[position]).toEqual(clock);
      }
    });
  });

  test("a clock that ran out is executed once", () => {
    everyChange((before, { ticket }, event, policy, now) => {
      if (event !== "due") return;
      const position = before.obligations.findIndex((clock) => clock.state === "running" && clock.dueAt <= now);
      expect(ticket.obligations[position]?.state).not.toBe("running");
      expect(runDue(ticket, position, target, policy, now)).toBeNull();
    });
  });

  test("nothing is done that allowedActions() does not offer, and nothing for who has no part in it", () => {
    everyChange((before, _change, event) => {
      if (typeof event === "string") return;
      expect(allowedActions(before, event.account)).toContain(event.command.action);
      expect(event.account.role).not.toBe("viewer");
    });
  });

  test("where interference is suspected, neither the sensor nor the holder closes it", () => {
    everyChange((before, { ticket, entry }, event) => {
      if (ticket.state !== "closed" || before.state === "closed" || !before.interferenceEpisodeId) return;
      expect(entry.by).not.toBe("system");
      if (typeof event !== "string" && ["verify", "close"].includes(event.command.action)) {
        expect(event.account.officerId).not.toBe(before.officerId);
      }
    });
  });

  test("a closed ticket has a clock exactly as long as its inspection waits, and none afterwards", () => {
    everyChange((_before, { ticket }) => {
      if (ticket.state !== "closed") return expect(ticket.inspection?.state ?? "none").not.toBe("pending");
      const running = ticket.obligations.filter((clock) => clock.state === "running").map(({ kind }) => kind);
      expect(running).toEqual(ticket.inspection?.state === "pending" ? ["inspect"] : []);
    });
  });

  test("only an inspector gives an inspection's result, once", () => {
    everyChange((before, { entry }, event) => {
      if (entry.action !== "inspect") return;
      expect(before.inspection?.state).toBe("pending");
      expect(typeof event !== "string" && event.account.role).toBe("inspector");
    });
  });

  test("the level of escalation only rises until it is reopened", () => {
    everyChange((before, { ticket, entry }) => {
      if (entry.action !== "reopen" && entry.action !== "inspect")
        expect(ticket.escalationLevel).toBeGreaterThanOrEqual(before.escalationLevel);
    });
  });
});
