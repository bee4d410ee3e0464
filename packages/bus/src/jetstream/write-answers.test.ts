import { Unavailable } from "@hotgrid/runtime";
import { JetStreamApiError } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { natsFailure } from "./nats-failure.ts";
import { isOvertaken, stored } from "./write-answers.ts";

const apiError = (err_code: number, code: number) => new JetStreamApiError({ err_code, code, description: "refused" });

test("a duplicate of a stored message has its number", () => {
  const answer = { stream: "EPISODES", domain: "", seq: 7, duplicate: true };
  expect(stored(answer)).toEqual({ seq: 7, duplicate: true });
});

test("a duplicate of a message that is not stored is not taken for stored, in either form of the answer", () => {
  expect(() => stored({ stream: "EPISODES", domain: "", seq: 0, duplicate: true })).toThrow(Unavailable);
  expect(natsFailure(apiError(10158, 409), "appending")).toBeInstanceOf(Unavailable);
});

test("a stream that a cluster does not know yet is waited for", () => {
  expect(natsFailure(apiError(10059, 404), "opening a reader")).toBeInstanceOf(Unavailable);
  expect(natsFailure(apiError(10025, 400), "opening a reader")).not.toBeInstanceOf(Unavailable);
});

test("who was overtaken is told so in either form of the answer, and by no other", () => {
  expect(isOvertaken(apiError(10071, 400))).toBe(true);
  expect(isOvertaken(apiError(10164, 400))).toBe(true);
  expect(isOvertaken(apiError(10059, 404))).toBe(false);
});
