import { EVIDENCE_LIMIT_BYTES, EvidencePhotoView, page } from "@hotgrid/contracts";
import { AuditStore } from "@hotgrid/store";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, type TestConsole } from "../testing.ts";
import type { TestBrowser } from "../testing-browser.ts";
import { PHONE_HEIC } from "../testing-heic.ts";
import { putTicket } from "../testing-records.ts";

const Photos = page(EvidencePhotoView);
const YUECHENG = "330602001017";
const KEQIAO = "330603001048";
const HOLDER = `O-${YUECHENG}`;

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  for (const id of ["T-1", "T-2", "T-3"]) await putTicket(city.database, { id, division: YUECHENG, officerId: HOLDER });
  await putTicket(city.database, { id: "T-9", division: YUECHENG, officerId: HOLDER, state: "closed" });
});
afterAll(() => city.close());

/** Of PHONE_HEIC: left edge, above, below. */
const UPRIGHT = [
  [255, 255, 255],
  [208, 32, 32],
  [16, 64, 192],
];
const picture = (red: number) =>
  sharp({ create: { width: 64, height: 40, channels: 3, background: { r: red, g: 90, b: 40 } } });
const jpeg = (red = 200) => picture(red).jpeg().toBuffer();
/** As a phone makes it: upright by a tag, with time and place. */
const phonePhoto = (red: number) =>
  picture(red)
    .jpeg()
    .withExif({
      IFD0: { Orientation: "6", Make: "PhoneOfLi" },
      IFD2: { DateTimeOriginal: "2026:11:22 07:55:01" },
      IFD3: {
        GPSLatitudeRef: "N",
        GPSLatitude: "30/1 1/1 3000/100",
        GPSLongitudeRef: "E",
        GPSLongitude: "120/1 36/1 0/1",
      },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer();

interface Upload {
  readonly type?: string;
  readonly field?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
async function send(browser: TestBrowser, ticket: string, file: Uint8Array, upload: Upload = {}): Promise<Response> {
  const form = new FormData();
  const blob = new Blob([Uint8Array.from(file)], { type: upload.type ?? "image/jpeg" });
  form.append(upload.field ?? "file", blob, "../../evil.svg");
  const headers = { cookie: browser.cookie, "x-requested-with": "hotgrid", ...upload.headers };
  return fetch(`${city.url}/api/v1/tickets/${ticket}/evidence`, { method: "POST", headers, body: form });
}
const added = async (username: string, ticket: string, file: Uint8Array) => {
  const response = await send(await city.loggedIn(username), ticket, file);
  expect(response.status).toBe(201);
  return EvidencePhotoView.parse(await response.json());
};
const bytesOf = async (browser: TestBrowser, path: string) =>
  Buffer.from(await (await browser.get(path)).arrayBuffer());

describe("a photo", () => {
  test("keeps what the camera said as data; the served picture has none of it and stands upright", async () => {
    const photo = await added(HOLDER, "T-1", await phonePhoto(10));
    expect(photo).toMatchObject({ ticketId: "T-1", by: HOLDER, takenAt: "2026-11-22T07:55:01+08:00", lon: 120.6 });
    expect(photo.lat).toBeCloseTo(30.025, 6);
    const browser = await city.loggedIn("supervisor-330602");
    const image = await bytesOf(browser, `/tickets/T-1/evidence/${photo.id}/image`);
    const metadata = await sharp(image).metadata();
    expect([metadata.format, metadata.width, metadata.height]).toEqual(["jpeg", 40, 64]);
    expect([metadata.exif, metadata.xmp, metadata.iptc]).toEqual([undefined, undefined, undefined]);
    expect(image.includes("PhoneOfLi")).toBe(false);
    const thumbnail = await bytesOf(browser, `/tickets/T-1/evidence/${photo.id}/thumbnail`);
    expect((await sharp(thumbnail).metadata()).format).toBe("jpeg");
  });

  test("is listed, and told in the audit log with its hashes", async () => {
    const photo = await added(HOLDER, "T-2", await jpeg(20));
    const browser = await city.loggedIn(HOLDER);
    expect((await browser.read("/tickets/T-2/evidence", Photos)).items).toEqual([photo]);
    const { items } = await new AuditStore(city.database).list({ division: YUECHENG, subject: "evidence", limit: 1 });
    const { sha256, originalSha256 } = photo;
    expect(items[0]).toMatchObject({ account: HOLDER, subjectId: photo.id, details: { sha256, originalSha256 } });
  });

  test("sent twice is there once", async () => {
    const file = await jpeg(30);
    const [first, second] = [await added(HOLDER, "T-3", file), await added(HOLDER, "T-3", file)];
    expect(second).toEqual(first);
  });

  test("of an iPhone as it is, HEIC: upright in the right colours, what the camera said as data, and nothing of it served", async () => {
    const photo = await added(HOLDER, "T-1", PHONE_HEIC);
    expect(photo).toMatchObject({ takenAt: "2026-11-22T07:55:01+08:00", lon: 120.6, width: 64, height: 96 });
    expect(photo.lat).toBeCloseTo(30.025, 6);
    const image = await bytesOf(await city.loggedIn(HOLDER), `/tickets/T-1/evidence/${photo.id}/image`);
    expect((await sharp(image).metadata()).exif).toBeUndefined();
    expect(image.includes("PhoneOfLi")).toBe(false);
    const { data } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [...data.subarray((y * 64 + x) * 3, (y * 64 + x) * 3 + 3)];
    const about = (seen: number[], meant: number[]) => seen.every((value, i) => Math.abs(value - (meant[i] ?? 0)) < 24);
    expect([at(2, 48), at(40, 8), at(40, 88)].map((seen, i) => about(seen, UPRIGHT[i] ?? []))).toEqual([
      true,
      true,
      true,
    ]);
  });

  test("with transparency, as PNG under a wrong type, is taken for what its bytes are", async () => {
    const png = await sharp({ create: { width: 8, height: 8, channels: 4, background: "#12345680" } })
      .png()
      .toBuffer();
    const response = await send(await city.loggedIn(HOLDER), "T-1", png, { type: "text/html" });
    expect(response.status).toBe(201);
  });
});

describe("what is no photo is refused", () => {
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic"), Buffer.alloc(64)]);
  test.each([
    ["a page that calls itself a photo", Buffer.from("<html><script>alert(1)</script>"), 415],
    ["an SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415],
    ["a HEIC that is none but for its first bytes", heic, 422],
    ["a HEIC that was cut off", PHONE_HEIC.subarray(0, 700), 422],
    ["nothing", Buffer.alloc(0), 415],
    ["a JPEG's beginning without the rest", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 422],
    ["more than 20 MB", Buffer.alloc(EVIDENCE_LIMIT_BYTES + 1, 0xff), 413],
  ])("%s", async (_what, file, status) => {
    const response = await send(await city.loggedIn(HOLDER), "T-1", file);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      status,
      "application/problem+json; charset=utf-8",
    ]);
  });

  test("a small file that unpacks to 60 megapixels, before it is unpacked", async () => {
    const bomb = await sharp({ create: { width: 10_000, height: 6000, channels: 3, background: "red" } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(1_000_000);
    expect((await send(await city.loggedIn(HOLDER), "T-1", bomb)).status).toBe(422);
  });

  test("a JPEG that was cut off", async () => {
    const whole = await picture(70).resize(600, 600).jpeg().toBuffer();
    const half = whole.subarray(0, whole.length / 2);
    expect((await send(await city.loggedIn(HOLDER), "T-1", half)).status).toBe(422);
  });

  test("another field, and JSON", async () => {
    const browser = await city.loggedIn(HOLDER);
    expect((await send(browser, "T-1", await jpeg(), { field: "photo" })).status).toBe(422);
    const headers = { "x-requested-with": "hotgrid" };
    expect(await browser.refusal("POST", "/tickets/T-1/evidence", { headers, body: {} })).toMatchObject({
      status: 415,
    });
  });
});

describe("from the wrong side", () => {
  test("another county sees neither photos nor that there are any, and adds none", async () => {
    const photo = await added(HOLDER, "T-1", await jpeg(80));
    for (const username of ["supervisor-330603", `O-${KEQIAO}`]) {
      const stranger = await city.loggedIn(username);
      for (const path of ["", `/${photo.id}/image`, `/${photo.id}/thumbnail`])
        expect(await stranger.refusal("GET", `/tickets/T-1/evidence${path}`)).toMatchObject({ status: 404 });
      expect((await send(stranger, "T-1", await jpeg(81))).status).toBe(404);
    }
  });

  test("a photo is not shown under another ticket, even one that the account sees", async () => {
    const photo = await added(HOLDER, "T-1", await jpeg(82));
    const browser = await city.loggedIn(HOLDER);
    expect(await browser.refusal("GET", `/tickets/T-2/evidence/${photo.id}/image`)).toMatchObject({ status: 404 });
  });

  test("who only looks on adds none, and nobody to a closed ticket", async () => {
    expect((await send(await city.loggedIn("viewer"), "T-1", await jpeg(83))).status).toBe(403);
    expect((await send(await city.loggedIn("viewer"), "T-9", await jpeg(84))).status).toBe(403);
  });

  test("another site's form, which can't set a header, is refused", async () => {
    const browser = await city.loggedIn(HOLDER);
    const form = new FormData();
    form.append("file", new Blob([Uint8Array.from(await jpeg(85))]));
    const url = `${city.url}/api/v1/tickets/T-1/evidence`;
    const plain = await fetch(url, { method: "POST", headers: { cookie: browser.cookie }, body: form });
    expect(plain.status).toBe(403);
    const evil = { origin: "https://evil.example" };
    expect((await send(browser, "T-1", await jpeg(85), { headers: evil })).status).toBe(403);
  });

  test("a ticket is full with twenty", async () => {
    await putTicket(city.database, { id: "T-20", division: YUECHENG, officerId: HOLDER });
    const browser = await city.loggedIn(HOLDER);
    const one = await added(HOLDER, "T-20", await jpeg(90));
    const { at, ...row } = await city.database
      .selectFrom("evidence")
      .selectAll()
      .where("id", "=", one.id)
      .executeTakeFirstOrThrow();
    for (let n = 1; n < 20; n++)
      await city.database
        .insertInto("evidence")
        .values({ ...row, at, id: one.id.replace(/^.{8}/, String(10_000_000 + n)), original_sha256: `copy-${n}` })
        .execute();
    expect((await send(browser, "T-20", await jpeg(91))).status).toBe(409);
    expect((await browser.read("/tickets/T-20/evidence", Photos)).items).toHaveLength(20);
  });
});
