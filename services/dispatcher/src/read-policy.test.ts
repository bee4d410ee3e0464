import { testPolicy } from "@hotgrid/tickets/testing";
import { expect, test } from "vitest";
import { readPolicy } from "./read-policy.ts";

test("a policy that is none is refused before anything starts, with the field and the remedy", () => {
  expect(readPolicy(testPolicy())).toEqual(testPolicy());
  expect(() => readPolicy({ ...testPolicy(), repeatHours: "24" })).toThrow("repeatHours");
  expect(() => readPolicy(null)).toThrow("copy that of seeds/shaoxing");
});
