import sharp from "sharp";
import { expect, test } from "vitest";
import { PHONE_HEIC } from "../testing-heic.ts";
import { decodeHeic } from "./decode-heic.ts";

const BOUNDS = { pixels: 1_000_000, edge: 2560, timeoutMs: 60_000 };
/** The picture's width as the file says it in the box `ispe`, changed. */
function withWidth(width: number): Buffer {
  const changed = Buffer.from(PHONE_HEIC);
  changed.writeUInt32BE(width, changed.indexOf("ispe") + 8);
  return changed;
}

test("the picture is turned as the file says, and has no metadata", async () => {
  const metadata = await sharp(await decodeHeic(PHONE_HEIC, BOUNDS)).metadata();
  expect([metadata.format, metadata.width, metadata.height, metadata.exif]).toEqual(["png", 64, 96, undefined]);
});

test("it is shrunk to the edge that is asked for", async () => {
  const metadata = await sharp(await decodeHeic(PHONE_HEIC, { ...BOUNDS, edge: 48 })).metadata();
  expect([metadata.width, metadata.height]).toEqual([32, 48]);
});

test.each([
  ["more pixels than allowed", PHONE_HEIC, { ...BOUNDS, pixels: 6000 }, /too many/],
  ["a size that the picture does not have", withWidth(60_000), { ...BOUNDS, pixels: 1e12 }, /HEIC not decoded/],
  ["a file that was cut off", PHONE_HEIC.subarray(0, 700), BOUNDS, /HEIC not decoded/],
  ["nothing", Buffer.alloc(0), BOUNDS, /HEIC not decoded/],
  ["20 MB of noise", Buffer.alloc(20_000_000, "ftypheic"), BOUNDS, /HEIC not decoded/],
  ["more time than allowed", PHONE_HEIC, { ...BOUNDS, timeoutMs: 1 }, /abort/i],
])("%s is refused", async (_what, file, bounds, reason) => {
  await expect(decodeHeic(file, bounds)).rejects.toThrow(reason);
});
