import { TICKET_ACTIONS, type TicketAction } from "@hotgrid/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { orderedActions } from "./ordered-actions.ts";

test.each<[string, TicketAction[], TicketAction | null]>([
  ["a fresh ticket waits for the response", ["return", "comment", "respond"], "respond"],
  ["who only supervises gets no button to hit by mistake", ["return", "transfer", "supervise"], null],
  ["verification waits for a verdict", ["close", "verify", "false-alarm"], "verify"],
])("%s", (_rule, actions, next) => {
  expect(orderedActions({ actions }).next).toBe(next);
});

test("every action that is allowed is offered, once, and no other", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(...TICKET_ACTIONS)), (actions) => {
      const { next, others, grave } = orderedActions({ actions });
      const offered = [...(next === null ? [] : [next]), ...others, ...grave];
      expect(offered.toSorted()).toEqual(actions.toSorted());
      expect(others).not.toContain("false-alarm");
    }),
  );
});
