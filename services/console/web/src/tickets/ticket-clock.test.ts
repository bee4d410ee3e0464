import { expect, test } from "vitest";
import { dutyClock, isOverdue, type ObligationView, waitClock } from "./ticket-clock.ts";

const START = Date.UTC(2026, 10, 22);
const clock = (
  kind: ObligationView["kind"],
  minute: number,
  state: ObligationView["state"] = "running",
): ObligationView => ({
  kind,
  dueAt: new Date(START + minute * 60_000).toISOString(),
  state,
  settledAt: null,
});
const dispatched = (...obligations: ObligationView[]) => ({ state: "dispatched" as const, obligations });

test("an escalation starts the response anew: the last clock counts", () => {
  const ticket = dispatched(clock("respond", 30, "breached"), clock("handle", 240), clock("respond", 60));
  expect(dutyClock(ticket)).toEqual(clock("respond", 60));
});

test("clocks that were met or cancelled run against nobody", () => {
  expect(dutyClock(dispatched(clock("respond", 30, "met"), clock("respond", 40, "cancelled")))).toBeNull();
});

test("it is overdue from the due moment on, and where the server says so", () => {
  const ticket = dispatched(clock("respond", 30));
  expect(isOverdue(ticket, START + 30 * 60_000 - 1)).toBe(false);
  expect(isOverdue(ticket, START + 30 * 60_000)).toBe(true);
  expect(isOverdue(dispatched(clock("respond", 30, "breached")), START)).toBe(true);
});

test("who has fed back is not overdue: the clock is the sensor's", () => {
  const ticket = { state: "feedback" as const, obligations: [clock("recovery", 1)] };
  expect(isOverdue(ticket, START + 3_600_000)).toBe(false);
  expect(waitClock(ticket)).toEqual(clock("recovery", 1));
});
