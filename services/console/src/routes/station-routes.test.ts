import { page, StationView } from "@hotgrid/contracts";
import { StationStatusStore } from "@hotgrid/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import { putTicket } from "../testing-records.ts";

const Stations = page(StationView);
const STATION = "HG-330602-001";
const ITS_VILLAGE = "330602001017";
const ITS_OFFICER = `O-${ITS_VILLAGE}`;
const ELSEWHERE = "HG-330603-001";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  await city.readings.append([
    { stationId: STATION, phenomenonTime: TEST_NOW - 120_000, resultTime: TEST_NOW, results: { pm25: 30 } },
    { stationId: STATION, phenomenonTime: TEST_NOW - 60_000, resultTime: TEST_NOW, results: { pm25: 35.2, co: 0.7 } },
  ]);
  await new StationStatusStore(city.database).apply([
    { kind: "connection", stationId: STATION, state: "online", at: TEST_NOW, reason: "connected" },
    { kind: "quality", stationId: STATION, observedProperty: "co", flag: 4, tests: ["flat-line"], at: TEST_NOW },
  ]);
});
afterAll(() => city.close());

const idsOf = async (username: string) => {
  const browser = await city.loggedIn(username);
  return (await browser.read("/stations", Stations)).items.map(({ id }) => id);
};

test("a station shows its place by name, its latest reading, its flags and its cell", async () => {
  const viewer = await city.loggedIn("viewer");
  const station = await viewer.read(`/stations/${STATION}`, StationView);
  expect(station).toMatchObject({
    id: STATION,
    division: ITS_VILLAGE,
    divisionNames: ["绍兴市", "越城区", "塔山街道", "东双桥社区"],
    online: true,
    latest: { phenomenonTime: "2026-11-22T07:59:00+08:00", results: { pm25: 35.2, co: 0.7 } },
    flags: { co: 4 },
    cellId: city.grid.locate(station.lon, station.lat)?.cells[0],
  });
  expect(JSON.stringify(station)).not.toContain("secret");
  const { items } = await viewer.read("/stations", Stations);
  expect(items.find(({ id }) => id === STATION)).toEqual(station);
});

test("a station that never reported is offline and has no reading", async () => {
  const viewer = await city.loggedIn("viewer");
  expect(await viewer.read(`/stations/${ELSEWHERE}`, StationView)).toMatchObject({
    online: false,
    latest: null,
    flags: {},
  });
});

describe("who sees which stations", () => {
  test("the city's desk all of them", async () => {
    expect(await idsOf("operator")).toHaveLength(city.seeds.stations.length);
  });

  test("a county's supervisor those of the county", async () => {
    const ids = await idsOf("supervisor-330603");
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id) => !id.startsWith("HG-330603-"))).toEqual([]);
  });

  test("a village's officer those of the village, and none elsewhere", async () => {
    expect(await idsOf(ITS_OFFICER)).toContain(STATION);
    expect(await idsOf("O-330603001048")).not.toContain(STATION);
  });

  test("to others a station does not exist", async () => {
    const neighbour = await city.loggedIn("supervisor-330603");
    const hidden = await neighbour.refusal("GET", `/stations/${STATION}`);
    expect(hidden).toEqual(await neighbour.refusal("GET", "/stations/HG-330602-999"));
    expect(hidden.status).toBe(404);
    expect(await neighbour.refusal("GET", `/stations/${STATION}/readings`)).toEqual(hidden);
  });

  test("an officer sees the stations of the tickets that he or she holds, wherever they are, until they are closed", async () => {
    const officer = await city.loggedIn("O-330603001048");
    await putTicket(city.database, { id: "T-1", officerId: "O-330603001048", stationIds: [STATION] });
    expect((await officer.get(`/stations/${STATION}`)).status).toBe(200);
    expect((await officer.get(`/stations/${STATION}/readings`)).status).toBe(200);
    await city.database
      .updateTable("tickets")
      .set({ state: "closed", open_place: null })
      .where("id", "=", "T-1")
      .execute();
    expect((await officer.get(`/stations/${STATION}`)).status).toBe(404);
  });
});

test("pages follow each other without gap or repeat", async () => {
  const viewer = await city.loggedIn("viewer");
  const ids: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { items, nextCursor }: { items: StationView[]; nextCursor: string | null } = await viewer.read(
      `/stations?limit=70&cursor=${cursor}`,
      Stations,
    );
    ids.push(...items.map(({ id }) => id));
    cursor = nextCursor;
  }
  expect(ids).toEqual(city.seeds.stations.map(({ id }) => id).toSorted());
});

test.each(["limit=0", "limit=5001", "limit=many", "unknown=1", "cursor=a&cursor=b"])(
  "?%s is refused",
  async (query) => {
    const viewer = await city.loggedIn("viewer");
    expect((await viewer.refusal("GET", `/stations?${query}`)).status).toBe(422);
  },
);
