import fc from "fast-check";
import { expect, test } from "vitest";
import { readPosition, writePosition } from "./stream-position.ts";

const seq = fc.integer({ min: 0, max: 999_999_999_999_999 });

test("an event's id gives back the positions that it was written from", () => {
  fc.assert(
    fc.property(fc.record({ episodes: seq, tickets: seq, stations: seq }), (position) => {
      expect(readPosition(writePosition(position))).toEqual(position);
    }),
  );
});

test.each(["", "0", "e1-t2", "e1-t2-s3x", "e-1-t2-s3", "e1-t2-s1234567890123456"])("%j is no position", (text) => {
  expect(readPosition(text)).toBeNull();
});

test("no text makes the reader throw", () => {
  fc.assert(fc.property(fc.string(), (text) => void readPosition(text)));
});
