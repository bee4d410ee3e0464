import { SIGN_ON_OUTCOMES } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { SIGN_ON_FAILURES, signOnOutcome } from "./sign-on-outcome.ts";

test("the page knows every outcome of the contract", () => {
  expect(["ok", "second-factor", ...SIGN_ON_FAILURES].toSorted()).toEqual(SIGN_ON_OUTCOMES.toSorted());
});

test.each([
  ["?login=no-grant", "no-grant"],
  ["?login=second-factor", "second-factor"],
  ["?login=ok", null],
  ["?login=<script>", null],
  ["", null],
])("%s is %s", (search, outcome) => {
  expect(signOnOutcome(search)).toBe(outcome);
});
