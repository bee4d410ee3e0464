import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRaw } from "./decode-raw.ts";

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

test("text is shown as it was sent", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      fc.pre(!/\p{Cc}/u.test(text) && !text.startsWith("\ufeff"));
      expect(decodeRaw(base64(Buffer.from(text)))).toMatchObject({ text, binary: false });
    }),
  );
});

test.each<[string, number[], string]>([
  ["bytes that are no UTF-8", [0xff, 0xfe, 0x00], "ff fe 00"],
  ["control characters", [0x41, 0x00], "41 00"],
])("%s are shown in hexadecimal", (_what, bytes, text) => {
  expect(decodeRaw(base64(Uint8Array.from(bytes)))).toEqual({ text, binary: true, bytes: bytes.length });
});

test("a cut in the middle of a character is still text", () => {
  expect(decodeRaw(base64(Buffer.from("浓度").subarray(0, 5)))).toEqual({ text: "浓", binary: false, bytes: 5 });
});

test("what is too long for a page is cut", () => {
  expect(decodeRaw(base64(Buffer.alloc(300_000, "x"))).text.length).toBeLessThan(20_010);
});
