import { TICKET_STATES } from "@hotgrid/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { byUrgency, type Ranked } from "./by-urgency.ts";

type Kind = Ranked["obligations"][number]["kind"];
const iso = (minute: number) => new Date(Date.UTC(2026, 10, 22) + minute * 60_000).toISOString();
const due = (kind: Kind, minute: number) => ({ kind, dueAt: iso(minute), state: "running" as const, settledAt: null });

const ticket = (id: string, change: Partial<Ranked> = {}): Ranked => ({
  id,
  state: "dispatched",
  severity: "yellow",
  updatedAt: iso(0),
  obligations: [due("respond", 30)],
  ...change,
});
const ordered = (...tickets: Ranked[]) => tickets.toSorted(byUrgency).map(({ id }) => id);

test("the clock that runs out first comes first", () => {
  expect(ordered(ticket("late", { obligations: [due("respond", 60)] }), ticket("early"))).toEqual(["early", "late"]);
});

test("only the clock of the present step counts", () => {
  const responded = ticket("responded", { state: "responded", obligations: [due("respond", 1), due("handle", 90)] });
  expect(ordered(responded, ticket("dispatched"))).toEqual(["dispatched", "responded"]);
});

test("what waits for the sensor comes behind what waits for the officer, and before the closed", () => {
  const closed = ticket("closed", { state: "closed", obligations: [], updatedAt: iso(99) });
  const waiting = ticket("waiting", { state: "feedback", obligations: [due("recovery", 1)] });
  expect(ordered(closed, waiting, ticket("duty"))).toEqual(["duty", "waiting", "closed"]);
});

test("with the same clock red goes before orange before yellow", () => {
  const tickets = [ticket("y"), ticket("r", { severity: "red" }), ticket("o", { severity: "orange" })];
  expect(ordered(...tickets)).toEqual(["r", "o", "y"]);
});

test("of the closed the last comes first", () => {
  const closed = (id: string, minute: number) =>
    ticket(id, { state: "closed", obligations: [], updatedAt: iso(minute) });
  expect(ordered(closed("old", 1), closed("new", 2))).toEqual(["new", "old"]);
});

test("the order is total: however the list came, it is shown alike", () => {
  const any = fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    state: fc.constantFrom(...TICKET_STATES),
    severity: fc.constantFrom("red" as const, "orange" as const, "yellow" as const),
    updatedAt: fc.nat(5).map(iso),
    obligations: fc.array(
      fc.tuple(fc.constantFrom<Kind>("respond", "handle", "feedback"), fc.nat(5)).map(([kind, at]) => due(kind, at)),
      {
        maxLength: 3,
      },
    ),
  });
  fc.assert(
    fc.property(fc.uniqueArray(any, { selector: ({ id }) => id, maxLength: 8 }), (tickets) => {
      expect(ordered(...tickets.toReversed())).toEqual(ordered(...tickets));
    }),
  );
});
