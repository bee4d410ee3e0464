import { expect, test } from "vitest";
import { type NextStep, nextStep } from "./next-step.ts";

type Input = Parameters<typeof nextStep>[0];

test.each<[string, Input, NextStep]>([
  ["the holder responds", { state: "dispatched", actions: ["respond", "return"] }, { kind: "act", action: "respond" }],
  ["then goes there", { state: "responded", actions: ["handle"] }, { kind: "act", action: "handle" }],
  ["then says what it was", { state: "handling", actions: ["feedback"] }, { kind: "act", action: "feedback" }],
  ["then the sensor speaks", { state: "feedback", actions: ["comment"] }, { kind: "wait", waitsFor: "recovery" }],
  [
    "then it is verified from above",
    { state: "verification", actions: [] },
    { kind: "wait", waitsFor: "verification" },
  ],
  ["who may close, closes", { state: "verification", actions: ["close"] }, { kind: "act", action: "close" }],
  [
    "who may not, waits for the holder",
    { state: "dispatched", actions: ["comment"] },
    { kind: "wait", waitsFor: "somebody-else" },
  ],
  ["a suspension waits", { state: "suspended", actions: [] }, { kind: "wait", waitsFor: "suspension" }],
  ["a closed ticket is done", { state: "closed", actions: ["comment"] }, { kind: "done" }],
])("%s", (_rule, ticket, expected) => {
  expect(nextStep(ticket)).toEqual(expected);
});
