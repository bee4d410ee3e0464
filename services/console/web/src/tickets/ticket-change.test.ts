import type { TicketDetail } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { exampleTicket } from "../example-views.ts";
import { type TicketChange, withChange } from "./ticket-change.ts";

const change = (revision: number, ticketId = "261122-0001"): TicketChange => ({
  ticket: exampleTicket({ id: ticketId, revision, state: revision === 1 ? "dispatched" : "responded" }),
  entry: {
    revision,
    at: "2026-11-22T08:10:00+08:00",
    action: revision === 1 ? "open" : "respond",
    by: "system",
    byName: "",
    from: null,
    to: "responded",
    note: "",
  },
});
const detail: TicketDetail = { ticket: change(1).ticket, history: [change(1).entry], episode: null };

test("a change brings the ticket and its line of history", () => {
  const after = withChange(detail, change(2));
  expect(after.ticket.state).toBe("responded");
  expect(after.history.map(({ revision }) => revision)).toEqual([1, 2]);
});

test("the same change twice is one line", () => {
  expect(withChange(withChange(detail, change(2)), change(2)).history).toHaveLength(2);
});

test("a change that was overtaken adds its line in its place and leaves the ticket", () => {
  const after = withChange(withChange(detail, change(3)), change(2));
  expect(after.ticket.revision).toBe(3);
  expect(after.history.map(({ revision }) => revision)).toEqual([1, 2, 3]);
});

test("another ticket's change is none of this one's", () => {
  expect(withChange(detail, change(2, "other"))).toBe(detail);
});
