import { CellView, page } from "@hotgrid/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import { putEpisode } from "../testing-records.ts";

const Cells = page(CellView);
const STATION = "HG-330602-001";
let city: TestConsole;
let fine: string;
let coarse: string;
beforeAll(async () => {
  city = await startTestConsole();
  const station = city.stations.find(STATION)?.station;
  [fine, coarse] = city.grid.cells.idsAt(station?.lon ?? 0, station?.lat ?? 0);
  const reading = { stationId: STATION, phenomenonTime: TEST_NOW - 60_000, resultTime: TEST_NOW };
  await city.readings.append([{ ...reading, results: { pm25: 80, windDirection: 350 } }]);
  const place = { division: "330602001017", stationIds: [STATION], cellIds: [fine, coarse] };
  await putEpisode(city.database, "E-yellow", { ...place, severity: "yellow", peakExcess: 300 });
  await putEpisode(city.database, "E-red", { ...place, severity: "red", peakExcess: 90 });
  await putEpisode(city.database, "E-over", { ...place, severity: "red", peakExcess: 900, status: "resolved" });
});
afterAll(() => city.close());

const cells = async (username: string, query = "") => {
  const browser = await city.loggedIn(username);
  return (await browser.read(`/cells${query}`, Cells)).items;
};
const around = (id: string) => city.grid.cellBounds(id).join(",");

test("the city is covered by cells of 3 km with their bounds", async () => {
  const items = await cells("viewer");
  expect(items.length).toBeGreaterThan(250);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  for (const { id, bounds } of items.slice(0, 50)) expect(bounds).toEqual([...city.grid.cellBounds(id)]);
});

test("a cell shows its stations' latest mean and the gravest firing episode", async () => {
  const cell = (await cells("viewer")).find(({ id }) => id === coarse);
  const there = city.stations.all().filter(({ lon, lat }) => city.grid.cells.idsAt(lon, lat)[1] === coarse);
  expect(cell).toMatchObject({
    stationCount: there.length,
    latest: { pm25: 80 },
    episode: { id: "E-red", kind: "local", severity: "red", peakExcess: 90 },
  });
  expect(cell?.latest).not.toHaveProperty("windDirection");
});

test("cells of 500 m come for a box", async () => {
  const items = await cells("viewer", `?size=500&bbox=${around(coarse)}`);
  expect(items.length).toBeGreaterThanOrEqual(36);
  expect(items.length).toBeLessThanOrEqual(64);
  expect(items.find(({ id }) => id === fine)).toMatchObject({ episode: { id: "E-red" } });
});

test("more cells than a screen can show are refused with what to do", async () => {
  const viewer = await city.loggedIn("viewer");
  expect(await viewer.refusal("GET", "/cells?size=500")).toMatchObject({
    status: 422,
    field: "querystring.bbox",
    remedy: { en: expect.stringContaining("smaller bbox") },
  });
});

test("a reading of yesterday says nothing of a cell now", async () => {
  const old = await startTestConsole();
  try {
    const at = TEST_NOW - 86_400_000;
    await old.readings.append([{ stationId: STATION, phenomenonTime: at, resultTime: at, results: { pm25: 80 } }]);
    const browser = await old.loggedIn("viewer");
    const { items } = await browser.read("/cells", Cells);
    expect(items.find(({ id }) => id === coarse)?.latest).toEqual({});
  } finally {
    await old.close();
  }
});

describe("who sees which", () => {
  test("a village's officer the village's cells, a county's supervisor the county's", async () => {
    const ofVillage = await cells("O-330602001017", "?size=500");
    expect(ofVillage.map(({ id }) => id)).toContain(fine);
    expect(ofVillage.length).toBeLessThan(100);
    const ofNeighbour = await cells("supervisor-330603");
    const cell = ofNeighbour.find(({ id }) => id === coarse);
    expect(cell?.episode ?? null).toBeNull();
    expect(cell?.latest ?? {}).toEqual({});
  });
});

test("a box outside the city has no cells", async () => {
  expect(await cells("viewer", "?size=500&bbox=10,50,11,51")).toEqual([]);
  expect(await cells("viewer", "?size=500&bbox=-180,-90,-179,90")).toEqual([]);
});

test.each([
  "size=1000",
  "bbox=1,2,3",
  "bbox=121,30,120,31",
  "bbox=120,31,121,30",
  "bbox=a,b,c,d",
  "bbox=,,,",
  "bbox=0,0,1e999,1",
])("?%s is refused", async (query) => {
  const viewer = await city.loggedIn("viewer");
  expect((await viewer.refusal("GET", `/cells?${query}`)).status).toBe(422);
});
