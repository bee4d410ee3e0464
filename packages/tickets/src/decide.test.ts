import { describe, expect, test } from "vitest";
import { runDue } from "./run-due.ts";
import { noteRecovered, noteRelapsed } from "./system-steps.ts";
import { testTicket } from "./testing.ts";
import {
  above,
  act,
  administrator,
  due,
  fedBack,
  feedback,
  HOUR,
  handle,
  handling,
  MINUTE,
  officer,
  policy,
  refusal,
  respond,
  running,
  supervisor,
} from "./testing-decide.ts";

describe("the loop", () => {
  test("an officer goes straight from respond to handle to feedback, and the sensor closes", () => {
    let ticket = fedBack(5 * MINUTE);
    expect(running(ticket)).toEqual({ recovery: 5 * MINUTE + 12 * HOUR });
    ticket = noteRecovered(ticket, { cleanSince: 10 * MINUTE, reason: "quiet" }, policy, 40 * MINUTE)?.ticket ?? ticket;
    expect(running(ticket)).toEqual({ hold: 40 * MINUTE });
    ticket = due(ticket, "hold", 40 * MINUTE);
    expect(ticket.state).toBe("verification");
    ticket = due(ticket, "verify", 50 * MINUTE);
    expect(ticket).toMatchObject({ state: "closed", recovery: "handled-and-recovered", closedAt: 50 * MINUTE });
    expect(running(ticket)).toEqual({});
  });

  test("air that is clean again before anybody acted still needs the feedback, and says so", () => {
    const clean = noteRecovered(testTicket(0), { cleanSince: MINUTE, reason: "quiet" }, policy, 30 * MINUTE)?.ticket;
    expect(clean).toMatchObject({ state: "dispatched", recovery: "recovered-before-handling" });
    let ticket = clean ?? testTicket(0);
    for (const command of [respond, handle, feedback]) ticket = act(ticket, command, officer, 31 * MINUTE);
    expect(ticket.state).toBe("feedback");
    ticket = due(due(ticket, "hold", 31 * MINUTE), "verify", HOUR);
    expect(ticket).toMatchObject({ state: "closed", recovery: "recovered-before-handling" });
  });

  test("clean air does not close what nobody has reported on", () => {
    const ticket = noteRecovered(handling(), { cleanSince: MINUTE, reason: "quiet" }, policy, HOUR)?.ticket;
    expect(ticket?.state).toBe("handling");
    expect(refusal(ticket ?? handling(), { action: "close", body: {} }, administrator)).toBe(
      "conflict/not-while-handling",
    );
  });

  test("a report alone does not close either: without clean air it goes back to handling", () => {
    const ticket = due(fedBack(), "recovery", 12 * HOUR);
    expect(ticket).toMatchObject({ state: "handling", recovery: "not-recovered", feedbackAt: null });
  });

  test.each(["feedback", "verification"])("a relapse in %s goes back to handling with a new clock", (state) => {
    let ticket = noteRecovered(fedBack(), { cleanSince: 0, reason: "quiet" }, policy, HOUR)?.ticket ?? fedBack();
    if (state === "verification") ticket = due(ticket, "hold", HOUR);
    expect(ticket.state).toBe(state);
    const back = noteRelapsed(ticket, { episodeId: "E1", reason: "re-fired" }, policy, 2 * HOUR)?.ticket;
    expect(back).toMatchObject({ state: "handling", recoveredAt: null, recovery: null, feedbackAt: null });
    expect(back && running(back)).toEqual({ feedback: 26 * HOUR });
  });

  test("a supervisor may object in time, and then it is handled again", () => {
    const recovered = noteRecovered(fedBack(), { cleanSince: 0, reason: "quiet" }, policy, HOUR)?.ticket ?? fedBack();
    const ticket = due(recovered, "hold", HOUR);
    const body = { note: "现场仍有烟", passed: false };
    expect(act(ticket, { action: "verify", body }, supervisor, HOUR)).toMatchObject({
      state: "handling",
      feedbackAt: null,
    });
    expect(act(ticket, { action: "verify", body: { passed: true } }, supervisor, HOUR).state).toBe("closed");
  });
});

test("who gets a ticket after a feedback has to report anew", () => {
  const ticket = act(fedBack(), { action: "return", body: { note: "不在本村" }, target: above }, officer, HOUR);
  expect(ticket).toMatchObject({ state: "dispatched", officerId: "T", feedbackAt: null });
  expect(Object.keys(running(ticket)).toSorted()).toEqual(["feedback", "handle", "respond"]);
});

describe("clocks", () => {
  test("an unanswered ticket goes up one level, and the new officer gets the full time", () => {
    const ticket = due(testTicket(0), "respond", 30 * MINUTE, above);
    expect(ticket).toMatchObject({ officerId: "T", officerDivision: "330602001", escalationLevel: 1 });
    expect(running(ticket)).toEqual({ respond: HOUR, handle: 4 * HOUR, feedback: 24 * HOUR });
  });

  test("who gets a ticket by transfer has the full time to respond; the work's own limits go on", () => {
    const body = { note: "邻村", officerId: "T" };
    const ticket = act(testTicket(0), { action: "transfer", body, target: above }, supervisor, 29 * MINUTE);
    expect(running(ticket)).toEqual({ respond: 59 * MINUTE, handle: 4 * HOUR, feedback: 24 * HOUR });
    expect(ticket.obligations[0]).toMatchObject({ kind: "respond", state: "cancelled" });
  });

  test("a response without any work lapses: to be responded again, and pressed", () => {
    const ticket = due(act(testTicket(0), respond, officer, 0), "handle", 4 * HOUR);
    expect(ticket).toMatchObject({ state: "dispatched", officerId: "A", supervised: true });
    expect(running(ticket)).toEqual({
      respond: 4 * HOUR + 30 * MINUTE,
      handle: 28 * HOUR,
      feedback: 24 * HOUR,
    });
  });

  test("at the top it is pressed, and the clock repeats", () => {
    const ticket = due(testTicket(0), "respond", 30 * MINUTE);
    expect(ticket).toMatchObject({ officerId: "A", supervised: true, escalationLevel: 0 });
    expect(running(ticket)["respond"]).toBe(30 * MINUTE + 24 * HOUR);
  });

  test("a clock that ran out is executed once", () => {
    const ticket = testTicket(0);
    const once = runDue(ticket, 0, null, policy, HOUR)?.ticket ?? ticket;
    expect(runDue(once, 0, null, policy, HOUR)).toBeNull();
    expect(runDue(ticket, 0, null, policy, 29 * MINUTE)).toBeNull();
  });

  test("a suspension leaves the officer the time that was left", () => {
    const until = new Date(10 * HOUR).toISOString();
    const suspended = act(handling(), { action: "suspend", body: { note: "整改中", until } }, supervisor, HOUR);
    expect(running(suspended)).toEqual({ resume: 10 * HOUR });
    const resumed = due(suspended, "resume", 10 * HOUR);
    expect(resumed.state).toBe("handling");
    expect(running(resumed)).toEqual({ feedback: 33 * HOUR });
  });

  test.each([
    ["1970-01-02T00:00:00+08:00", "1970-01-02T08:00:00+08:00"],
    ["1970-01-02T00:00+08:00", "1970-01-02T08:00:00+08:00"],
    ["1970-01-02T00:01:00+08:00", "1970-01-02T00:01:00+08:00"],
    ["1970-01-02T00:00:00Z", "1970-01-02T00:00:00Z"],
  ])("a suspension until %s ends at %s: a day is not its midnight", (until, end) => {
    const suspended = act(handling(), { action: "suspend", body: { note: "整改中", until } }, supervisor, HOUR);
    expect(running(suspended)).toEqual({ resume: Date.parse(end) });
  });

  test("air that turned bad during a suspension is waited for afterwards", () => {
    const until = new Date(10 * HOUR).toISOString();
    const clean = noteRecovered(fedBack(), { cleanSince: HOUR, reason: "quiet" }, policy, HOUR)?.ticket ?? fedBack();
    const suspended = act(clean, { action: "suspend", body: { note: "整改中", until } }, supervisor, HOUR);
    const bad = noteRelapsed(suspended, { episodeId: "E1", reason: "re-fired" }, policy, 2 * HOUR)?.ticket ?? suspended;
    const resumed = act(bad, { action: "resume", body: {} }, supervisor, 3 * HOUR);
    expect(resumed.state).toBe("feedback");
    expect(Object.keys(running(resumed))).toEqual(["recovery"]);
  });

  test.each([
    ["in the past", new Date(0).toISOString()],
    ["beyond the policy's longest", new Date(200 * 24 * HOUR).toISOString()],
  ])("a suspension %s is refused", (_rule, until) => {
    const command = { action: "suspend", body: { note: "整改中", until } } as const;
    expect(refusal(handling(), command, supervisor, HOUR)).toBe("invalid/bad-until");
  });
});
