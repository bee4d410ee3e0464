import { expect, test } from "vitest";
import { exampleTicket } from "../example-views.ts";
import type { TicketChange } from "../tickets/ticket-change.ts";
import { noTickets, withAnswer, withChange, withList } from "./my-tickets.ts";

type Change = Parameters<typeof exampleTicket>[0];
const changed = (change: Change): TicketChange => ({
  ticket: exampleTicket(change),
  entry: {
    revision: 1,
    at: "2026-11-22T08:10:00+08:00",
    action: "open",
    by: "system",
    byName: "",
    from: null,
    to: "dispatched",
    note: "",
  },
});
const ids = (state: typeof noTickets) => state.tickets.map(({ id }) => id);

test("a ticket that comes into my hands is shown and announced", () => {
  const state = withChange(noTickets, changed({ id: "T1" }), "O-1");
  expect(ids(state)).toEqual(["T1"]);
  expect(state.arrived?.id).toBe("T1");
});

test("a ticket of somebody else is not mine", () => {
  expect(withChange(noTickets, changed({ officerId: "O-2" }), "O-1")).toBe(noTickets);
});

test("a ticket that goes to somebody else stays, so that the page can say who has it", () => {
  const mine = withChange(noTickets, changed({ id: "T1" }), "O-1");
  const gone = withChange(mine, changed({ id: "T1", revision: 2, officerId: "O-2" }), "O-1");
  expect(gone.tickets[0]?.officerId).toBe("O-2");
});

test("an old change does not undo a newer one", () => {
  const newer = withChange(noTickets, changed({ revision: 3, state: "handling" }), "O-1");
  expect(withChange(newer, changed({ revision: 2, state: "responded" }), "O-1")).toBe(newer);
});

test("my own step is not announced as news", () => {
  const first = withChange(noTickets, changed({ id: "T1" }), "O-1");
  const announced = withChange(
    { ...first, arrived: null },
    changed({ id: "T1", revision: 2, state: "responded" }),
    "O-1",
  );
  expect(announced.arrived).toBeNull();
});

test("the list replaces what is here, except where the stream was faster", () => {
  const streamed = withChange(noTickets, changed({ id: "T1", revision: 5, state: "handling" }), "O-1");
  const list = [exampleTicket({ id: "T1", revision: 4, state: "responded" }), exampleTicket({ id: "T2" })];
  const listed = withList(streamed, list, "O-1", []);
  expect(listed.tickets.find(({ id }) => id === "T1")?.state).toBe("handling");
  expect(ids(withList(listed, [exampleTicket({ id: "T2" })], "O-1", []))).toEqual(["T2"]);
});

test("a ticket that came while the list was on its way stays, whatever the list says", () => {
  const opened = changed({ id: "T2", officerId: "O-1" });
  const streamed = withChange(noTickets, opened, "O-1");
  const listed = withList(streamed, [exampleTicket({ id: "T1", officerId: "O-1" })], "O-1", [opened]);
  expect(ids(listed).toSorted()).toEqual(["T1", "T2"]);
  expect(listed.arrived?.id).toBe("T2");
});

test("what the first list holds is no news; what came while the stream was away is", () => {
  const mine = (id: string) => exampleTicket({ id, officerId: "O-1" });
  const first = withList(noTickets, [mine("T1")], "O-1", []);
  expect(first.arrived).toBeNull();
  const later = withList(first, [mine("T1"), mine("T2"), exampleTicket({ id: "T3", officerId: "O-2" })], "O-1", []);
  expect(later.arrived?.id).toBe("T2");
});

test("the answer to an action does not undo what the stream brought after it", () => {
  const newer = withChange(noTickets, changed({ id: "T1", revision: 3, state: "handling" }), "O-1");
  expect(withAnswer(newer, exampleTicket({ id: "T1", revision: 2, state: "responded" })).tickets[0]?.revision).toBe(3);
});

test("of the closed only the last twenty are kept, of the open all", () => {
  const at = (n: number) => new Date(Date.UTC(2026, 10, 22, 0, n)).toISOString();
  const closed = Array.from({ length: 30 }, (_, n) =>
    exampleTicket({ id: `C${n}`, state: "closed", updatedAt: at(n) }),
  );
  const open = Array.from({ length: 30 }, (_, n) => exampleTicket({ id: `O${n}` }));
  const { tickets } = withList(noTickets, [...closed, ...open], "O-1", []);
  expect(tickets.filter(({ state }) => state !== "closed")).toHaveLength(30);
  expect(tickets.filter(({ state }) => state === "closed").map(({ id }) => id)[0]).toBe("C29");
  expect(tickets).toHaveLength(50);
});
