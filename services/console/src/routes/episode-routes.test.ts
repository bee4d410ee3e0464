import { EpisodeView, page } from "@hotgrid/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import { putEpisode, putTicket } from "../testing-records.ts";

const Episodes = page(EpisodeView);
const HOUR_MS = 3_600_000;
const YUECHENG = "330602001017";
const KEQIAO = "330603001048";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  const { database } = city;
  await putEpisode(database, "E-old", {
    division: YUECHENG,
    status: "resolved",
    startedAt: TEST_NOW - 9 * HOUR_MS,
    endedAt: TEST_NOW - 8 * HOUR_MS,
  });
  await putEpisode(database, "E-haze", { division: "330600", kind: "regional", startedAt: TEST_NOW - 2 * HOUR_MS });
  await putEpisode(database, "E-fire", { division: KEQIAO, startedAt: TEST_NOW - HOUR_MS });
  await putTicket(database, { id: "T-1", episodeId: "E-fire", division: KEQIAO, officerId: `O-${YUECHENG}` });
});
afterAll(() => city.close());

const idsOf = async (username: string, query = "") => {
  const browser = await city.loggedIn(username);
  return (await browser.read(`/episodes${query}`, Episodes)).items.map(({ id }) => id);
};

test("an episode shows its times by the city's clock, its place and its tickets", async () => {
  const viewer = await city.loggedIn("viewer");
  expect(await viewer.read("/episodes/E-fire", EpisodeView)).toMatchObject({
    startedAt: "2026-11-22T07:00:00+08:00",
    endedAt: null,
    divisionName: city.grid.divisions.get(KEQIAO)?.name,
    ticketIds: ["T-1"],
  });
});

test.each([
  ["all, latest start first", "", ["E-fire", "E-haze", "E-old"]],
  ["those that go on", "?status=firing", ["E-fire", "E-haze"]],
  ["those of a kind", "?kind=regional", ["E-haze"]],
  ["those of a county", "?division=330602", ["E-old"]],
  ["those that went on at some time", `?from=${TEST_NOW - 9 * HOUR_MS}&to=${TEST_NOW - 7 * HOUR_MS}`, ["E-old"]],
])("%s", async (_what, query, ids) => {
  expect(await idsOf("viewer", query)).toEqual(ids);
});

test("what a regional notice stands for is listed under it", async () => {
  const child = { episode_id: "E-old", by_episode_id: "E-haze", at: TEST_NOW };
  await city.database.insertInto("inhibited_episodes").values(child).execute();
  expect(await idsOf("viewer", "?inhibitedBy=E-haze")).toEqual(["E-old"]);
  expect(await idsOf("viewer", "?inhibitedBy=E-none")).toEqual([]);
  const viewer = await city.loggedIn("viewer");
  expect((await viewer.read("/episodes/E-old", EpisodeView)).inhibitedBy).toBe("E-haze");
});

test("pages follow each other", async () => {
  const viewer = await city.loggedIn("viewer");
  const first = await viewer.read("/episodes?limit=2", Episodes);
  const second = await viewer.read(`/episodes?limit=2&cursor=${first.nextCursor}`, Episodes);
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(["E-fire", "E-haze", "E-old"]);
  expect(second.nextCursor).toBeNull();
});

describe("who sees which", () => {
  test("a county's supervisor those of the county, whatever is asked for", async () => {
    expect(await idsOf("supervisor-330602")).toEqual(["E-old"]);
    expect(await idsOf("supervisor-330602", "?division=330600")).toEqual(["E-old"]);
    expect(await idsOf("supervisor-330602", "?division=330603")).toEqual([]);
  });

  test("to others an episode does not exist", async () => {
    const supervisor = await city.loggedIn("supervisor-330602");
    const hidden = await supervisor.refusal("GET", "/episodes/E-fire");
    expect(hidden).toEqual(await supervisor.refusal("GET", "/episodes/E-none"));
    expect(hidden.status).toBe(404);
    expect((await supervisor.refusal("GET", "/episodes/E-haze")).status).toBe(404);
  });

  test("an officer sees the episode of a ticket that he or she holds elsewhere", async () => {
    const holder = await city.loggedIn(`O-${YUECHENG}`);
    expect((await holder.get("/episodes/E-fire")).status).toBe(200);
  });
});

test.each(["cursor=forged", "limit=501", "status=open", "division=3306021", "from=then"])(
  "?%s is refused",
  async (query) => {
    const viewer = await city.loggedIn("viewer");
    expect((await viewer.refusal("GET", `/episodes?${query}`)).status).toBe(422);
  },
);
