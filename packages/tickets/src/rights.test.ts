import type { Account } from "@hotgrid/contracts";
import { describe, expect, test } from "vitest";
import { allowedActions, type Command } from "./decide.ts";
import { noteRecovered } from "./system-steps.ts";
import { testAccount, testTicket } from "./testing.ts";
import {
  above,
  act,
  administrator,
  due,
  fedBack,
  HOUR,
  officer,
  policy,
  refusal,
  respond,
  supervisor,
} from "./testing-decide.ts";

describe("rights", () => {
  const comment = { action: "comment", body: { note: "收到" } } as const;
  test.each<[string, Account, Command, string]>([
    ["the holder responds", officer, respond, "done"],
    [
      "another village's officer does not",
      testAccount("officer", "330602001002", "B"),
      respond,
      "forbidden/not-permitted",
    ],
    [
      "a colleague of the same village does not",
      testAccount("officer", "330602001001", "B"),
      respond,
      "forbidden/not-permitted",
    ],
    ["a viewer does nothing", testAccount("viewer"), comment, "forbidden/not-permitted"],
    [
      "a viewer with the holder's officer id neither",
      testAccount("viewer", "330600", "A"),
      respond,
      "forbidden/not-permitted",
    ],
    [
      "a supervisor above escalates",
      supervisor,
      { action: "escalate", body: { note: "无人响应" }, target: above },
      "done",
    ],
    [
      "a supervisor of another county does not",
      testAccount("supervisor", "330603"),
      { action: "escalate", body: { note: "无人响应" }, target: above },
      "forbidden/not-permitted",
    ],
    ["a supervisor does not respond for the officer", supervisor, respond, "forbidden/not-permitted"],
    ["the operator comments", testAccount("operator"), comment, "done"],
    [
      "the operator does not suspend",
      testAccount("operator"),
      { action: "suspend", body: { note: "整改中", until: "2030-01-01T00:00:00+08:00" } },
      "forbidden/not-permitted",
    ],
    [
      "a supervisor of the level at which it is held does not suspend",
      testAccount("supervisor", "330602001001"),
      { action: "suspend", body: { note: "整改中", until: "1970-01-02T00:00:00+08:00" } },
      "forbidden/not-permitted",
    ],
    [
      "one of the level above does",
      testAccount("supervisor", "330602001"),
      { action: "suspend", body: { note: "整改中", until: "1970-01-02T00:00:00+08:00" } },
      "done",
    ],
    ["the administrator responds", administrator, respond, "done"],
    [
      "maintenance has no part in pollution",
      testAccount("maintenance", "330600", "A"),
      respond,
      "forbidden/not-permitted",
    ],
    [
      "a supervisor transfers inside the division",
      supervisor,
      { action: "transfer", body: { note: "邻村", officerId: "T" }, target: above },
      "done",
    ],
    [
      "a supervisor does not transfer out of it",
      testAccount("supervisor", "330602001"),
      {
        action: "transfer",
        body: { note: "邻区", officerId: "X" },
        target: { officerId: "X", division: "330603001001", reason: "transfer" },
      },
      "forbidden/target-outside-division",
    ],
    [
      "nobody transfers to nobody",
      supervisor,
      { action: "transfer", body: { note: "邻村", officerId: "X" }, target: null },
      "invalid/unknown-officer",
    ],
    [
      "nothing goes above the top",
      supervisor,
      { action: "escalate", body: { note: "无人响应" }, target: null },
      "conflict/nobody-above",
    ],
    [
      "what was seen in another revision is a conflict",
      officer,
      { ...respond, revision: 7 },
      "conflict/changed-meanwhile",
    ],
  ])("%s", (_rule, account, command, expected) => {
    expect(refusal(testTicket(0), command, account)).toBe(expected);
  });

  test("maintenance handles device tickets that it holds", () => {
    const vendor = testAccount("maintenance", "330600", "A");
    expect(allowedActions(testTicket(0, { kind: "device-fault" }), vendor)).toEqual([
      "respond",
      "return",
      "escalate",
      "comment",
    ]);
  });

  test("who holds a ticket does not judge it, whatever his or her role", () => {
    const both = testAccount("supervisor", "330602", "A");
    const recovered = noteRecovered(fedBack(), { cleanSince: 0, reason: "quiet" }, policy, HOUR)?.ticket ?? fedBack();
    const ticket = due(recovered, "hold", HOUR);
    expect(refusal(ticket, { action: "verify", body: { passed: true } }, both)).toBe("forbidden/not-permitted");
    expect(allowedActions(ticket, both)).not.toContain("close");
    expect(allowedActions(ticket, supervisor)).toContain("close");
  });

  test("a merged ticket can't be reopened: the other one can", () => {
    const into = { ...testTicket(0), id: "261122-0002" };
    const command = { action: "merge", body: { into: into.id }, into } as const;
    const merged = act(testTicket(0), command, supervisor, 0);
    expect(merged).toMatchObject({ state: "closed", mergedInto: into.id });
    expect(allowedActions(merged, supervisor)).toEqual(["comment"]);
    expect(refusal(merged, { action: "reopen", body: { note: "再看" }, target: above }, supervisor)).toBe(
      "conflict/merged",
    );
  });
});
