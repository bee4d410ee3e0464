import { testPolicy } from "@hotgrid/tickets/testing";
import { expect, test } from "vitest";
import { readPolicy } from "./read-policy.ts";

test("a policy that is none is refused before anything starts, with the field and the remedy", () => {
  expect(readPolicy(testPolicy(), "+08:00")).toEqual(testPolicy());
  expect(() => readPolicy({ ...testPolicy(), repeatHours: "24" }, "+08:00")).toThrow("repeatHours");
  expect(() => readPolicy(null, "+08:00")).toThrow("copy that of seeds/shaoxing");
});
