import type { TicketAction, TicketView } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { exampleTicket } from "../../example-views.ts";
import { undoOf } from "./undo-of.ts";

const before = exampleTicket({ officerId: "O-1" });
const after = (state: TicketView["state"], ...actions: TicketAction[]) =>
  exampleTicket({ officerId: "O-2", state, actions });
const note = "撤销";

test.each<[string, TicketAction, TicketView, ReturnType<typeof undoOf>]>([
  ["a suspension is resumed", "suspend", after("suspended", "resume"), { action: "resume", body: { note } }],
  ["a false alarm is reopened", "false-alarm", after("closed", "reopen"), { action: "reopen", body: { note } }],
  ["a verified ticket is reopened", "verify", after("closed", "reopen"), { action: "reopen", body: { note } }],
  ["a failed verification went back by itself", "verify", after("handling", "transfer"), null],
  [
    "a transfer goes back to who had it",
    "transfer",
    after("dispatched", "transfer"),
    { action: "transfer", body: { note, officerId: "O-1" } },
  ],
  ["what this account may not take back is not offered", "close", after("closed", "comment"), null],
  ["a response is not taken back", "respond", after("responded", "handle", "return"), null],
])("%s", (_rule, done, ticket, expected) => {
  expect(undoOf(done, before, ticket, note)).toEqual(expected);
});
