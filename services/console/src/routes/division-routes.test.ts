import { DivisionView, page } from "@hotgrid/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, type TestConsole } from "../testing.ts";
import type { TestBrowser } from "../testing-browser.ts";

const Divisions = page(DivisionView);
let city: TestConsole;
let viewer: TestBrowser;
beforeAll(async () => {
  city = await startTestConsole();
  viewer = await city.loggedIn("viewer");
});
afterAll(() => city.close());

const list = async (query: string) => (await viewer.read(`/divisions${query}`, Divisions)).items;

test("all four levels are there, without outlines unless asked for", async () => {
  const items = await list("");
  expect(items).toHaveLength(city.seeds.divisions.length);
  expect(items.filter((division) => division.area !== undefined)).toEqual([]);
});

test("outlines come for city, counties and towns; those of the villages only when the villages are asked for", async () => {
  const outlined = (await list("?area=true")).filter((division) => division.area !== undefined);
  expect(new Set(outlined.map(({ level }) => level))).toEqual(new Set(["city", "county", "town"]));
  const villages = await list("?area=true&level=village&within=330602001");
  expect(villages.length).toBeGreaterThan(5);
  for (const village of villages) {
    expect(village).toMatchObject({ level: "village", parent: "330602001" });
    expect(village.area).toMatchObject({ type: expect.stringMatching(/Polygon$/) });
  }
});

test("within a county is the county and all below it, and nothing else", async () => {
  const codes = (await list("?within=330604")).map(({ code }) => code);
  expect(codes).toContain("330604");
  expect(codes.filter((code) => !code.startsWith("330604"))).toEqual([]);
});

test("an answer that the browser has already is not sent again", async () => {
  const first = await viewer.get("/divisions?area=true");
  const etag = first.headers.get("etag") ?? "";
  const body = await first.text();
  expect(body.length).toBeGreaterThan(10_000);
  const again = await viewer.get("/divisions?area=true", { "if-none-match": etag });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await viewer.get("/divisions", { "if-none-match": etag })).status).toBe(200);
});

test("it travels compressed", async () => {
  const response = await viewer.get("/divisions", { "accept-encoding": "br" });
  expect(response.headers.get("content-encoding")).toBe("br");
  expect(Divisions.parse(await response.json()).items.length).toBeGreaterThan(1000);
});

test.each(["level=planet", "within=33060", "area=maybe", "x=1"])("?%s is refused", async (query) => {
  expect((await viewer.refusal("GET", `/divisions?${query}`)).status).toBe(422);
});
