import { ACTION_BODIES, TICKET_ACTIONS } from "@hotgrid/contracts";
import { describe, expect, test } from "vitest";
import { ACTION_FIELDS, type ActionInput, actionBody } from "./action-fields.ts";

const filled: ActionInput = {
  note: " 已扑灭 ",
  cause: "burning",
  officerId: "O-2",
  until: "2026-12-01T08:00",
  passed: false,
  into: "261122-0002",
  stationIds: ["HG-330602-001"],
  plan: "裸土三日内覆盖，街道城管负责",
  reason: "weather",
};

describe.each(TICKET_ACTIONS)("%s", (action) => {
  test("a filled form is a body that the API takes", () => {
    expect(ACTION_BODIES[action].safeParse(actionBody(action, filled, "+08:00")).error).toBeUndefined();
  });
  test("the form asks for a note where the API insists on one", () => {
    const { note: _left, ...without } = filled;
    const taken = ACTION_BODIES[action].safeParse(actionBody(action, without, "+08:00")).success;
    expect(ACTION_FIELDS[action].note).toBe(taken ? "optional" : "required");
  });
});

test("a time is the city's, a note is trimmed", () => {
  expect(actionBody("suspend", filled, "+08:00")).toEqual({ note: "已扑灭", until: "2026-12-01T08:00:00+08:00" });
});
