import type { Episode } from "@hotgrid/contracts";
import { EpisodeStore } from "@hotgrid/store";
import { testPolicy } from "@hotgrid/tickets/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { START, World } from "./testing.ts";

let world: World;
beforeEach(async () => {
  world = await World.open({ policy: { ...testPolicy(), regionalInhibits: "orange" } });
  await notice();
});
afterEach(() => world.close());

const STATIONS = Array.from({ length: 300 }, (_, n) => `S${n}`);
const notice = (revision = 1, changes = {}) =>
  world.episode("R", revision, { kind: "regional", division: "330600", stationIds: STATIONS, ...changes });
const ended = { status: "resolved", endedAt: START } as const;
const children = async () => {
  const page = await new EpisodeStore(world.database).listEpisodes({ inhibitedBy: "R", limit: 500 });
  return page.items.map(({ id }) => id).toSorted();
};
const tickets = async () => {
  await world.dispatched();
  return (await world.tickets.listTickets({ limit: 500 })).items.map(({ episodeId }) => episodeId);
};

test("300 stations under one notice open no ticket: they are listed under it", async () => {
  for (const station of STATIONS) await world.episode(`E-${station}`, 1, { stationIds: [station] });
  expect(await tickets()).toEqual([]);
  expect(await children()).toHaveLength(300);
  expect((await new EpisodeStore(world.database).noticesOf(["E-S7", "R"])).get("E-S7")).toBe("R");
});

test.each<[string, Partial<Episode>]>([
  ["worse than a notice may cover", { severity: "red" }],
  ["at a station that is not in the notice", { stationIds: ["S1", "X1"] }],
  ["of another kind", { kind: "offline" }],
])("an episode %s opens its ticket all the same", async (_rule, changes) => {
  await world.episode("E", 1, changes);
  expect(await tickets()).toEqual(["E"]);
});

test("one that becomes worse than a notice may cover opens its ticket then", async () => {
  await world.episode("E", 1);
  expect(await tickets()).toEqual([]);
  await world.episode("E", 2, { severity: "red" });
  expect(await tickets()).toEqual(["E"]);
});

test("when the notice ends, what goes on opens its ticket; what has ended meanwhile never does", async () => {
  await world.episode("E1", 1);
  await world.episode("E2", 1, { stationIds: ["S2"], division: "330602001002" });
  await world.episode("E1", 2, ended);
  expect(await tickets()).toEqual([]);
  await notice(2, ended);
  expect(await tickets()).toEqual(["E2"]);
  await world.episode("E1", 3, ended);
  expect(await tickets()).toEqual(["E2"]);
  expect(await children()).toEqual(["E1", "E2"]);
});

test("a ticket that was open before the notice goes on", async () => {
  await notice(2, ended);
  await world.episode("E1", 1);
  expect(await tickets()).toEqual(["E1"]);
  await world.episode("R2", 1, { kind: "regional", division: "330600", stationIds: STATIONS });
  await world.episode("E1", 2, { stationIds: ["S1", "S2"] });
  await world.dispatched();
  const [ticket] = (await world.tickets.listTickets({ limit: 5 })).items;
  expect(ticket).toMatchObject({ state: "dispatched", stationIds: ["S1", "S2"] });
});
