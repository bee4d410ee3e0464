import type { EpisodeEvent } from "@hotgrid/contracts";
import { AuditStore } from "@hotgrid/store";
import { testEpisode, testPolicy, testRouting } from "@hotgrid/tickets/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dispatchEpisode } from "./dispatch-episode.ts";
import type { City } from "./ports.ts";
import { readPolicy } from "./read-policy.ts";
import { runDueClocks } from "./run-due-clocks.ts";
import { HOUR, MINUTE, START, World } from "./testing.ts";

/** Several dispatchers on one database: their transactions run at the same time on PostgreSQL, one after the other on
 *  SQLite, and the outcome is the same. */
let world: World;
let city: City;
beforeEach(async () => {
  world = await World.open();
  city = { grid: world.grid, policy: readPolicy(testPolicy(), "+08:00"), routing: testRouting, utcOffset: "+08:00" };
});
afterEach(() => world.close());

const raised = (id: string): EpisodeEvent => ({
  type: "raised",
  revision: 1,
  at: START,
  episode: testEpisode(id, START - 10 * MINUTE, { confirmedAt: START }),
});
const dispatch = (event: EpisodeEvent) =>
  world.database.transaction().execute((trx) => dispatchEpisode(trx, event, city, START));
const problem = async () => (await new AuditStore(world.database).verify()).problem;

test("episodes of one place that are dispatched at once open one ticket, which holds all of them", async () => {
  const events = Array.from({ length: 8 }, (_, i) => raised(`E${i}`));
  // Each twice: the log delivers at least once.
  await Promise.all([...events, ...events].map(dispatch));
  const { items } = await world.tickets.listTickets({ limit: 100 });
  expect(items).toHaveLength(1);
  const owners = await world.tickets.ticketIdsOf(events.map(({ episode }) => episode.id));
  expect([...owners.values()].flat()).toEqual(events.map(() => items[0]?.id));
  expect(await problem()).toBeNull();
});

test("a clock that several dispatchers find due runs once", async () => {
  await dispatch(raised("E1"));
  const later = START + 2 * HOUR;
  await Promise.all([1, 2, 3].map(() => runDueClocks(world.database, city, later)));
  const [ticket] = (await world.tickets.listTickets({ limit: 1 })).items;
  const history = await world.tickets.historyOf(ticket?.id ?? "");
  const revisions = history.map(({ revision }) => revision);
  expect(revisions).toEqual(revisions.map((_, i) => i + 1));
  const steps = history.map(({ action, at }) => `${action} ${at}`);
  expect(new Set(steps).size).toBe(steps.length);
  expect(await problem()).toBeNull();
});
