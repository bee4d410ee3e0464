import { expect, test } from "vitest";
import { exampleTicket } from "../example-views.ts";
import type { TicketChange } from "./ticket-change.ts";
import { createTicketChanges } from "./ticket-changes.ts";

const change = (id: string): TicketChange => ({
  ticket: exampleTicket({ id }),
  entry: { revision: 1, at: "", action: "open", by: "system", byName: "", from: null, to: "dispatched", note: "" },
});

test("of a burst everybody who listens hears every change, in order", () => {
  const changes = createTicketChanges();
  const heard: string[][] = [[], []];
  for (const list of heard) changes.subscribe({ onChange: ({ ticket }) => list.push(ticket.id) });
  for (const id of ["a", "b", "a"]) changes.publish(change(id));
  expect(heard).toEqual([
    ["a", "b", "a"],
    ["a", "b", "a"],
  ]);
});

test("a gap is told; who stopped hears nothing more", () => {
  const changes = createTicketChanges();
  let heard = 0;
  const count = () => {
    heard += 1;
  };
  const stop = changes.subscribe({ onChange: count, onGap: count });
  changes.gap();
  stop();
  changes.gap();
  changes.publish(change("a"));
  expect(heard).toBe(1);
});
