import { createGrid } from "@hotgrid/grid";
import { createLog, Trail } from "@hotgrid/runtime";
import { testPolicy, testRouting } from "@hotgrid/tickets/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answerCommand } from "./answer-command.ts";
import type { City } from "./ports.ts";
import { publishOutbox } from "./publish-outbox.ts";
import { readPolicy } from "./read-policy.ts";
import { nextDueAt, runDueClocks } from "./run-due-clocks.ts";
import { HOUR, OFFICER, START, World } from "./testing.ts";

/** Dispatchers of several cities share tables and log; each has the policy and the officers of its own city alone. */
let world: World;
const city = (code: string): City => {
  const place = { code, name: code, level: "city", parent: null, lon: 120, lat: 30, approximate: true } as const;
  const grid = createGrid({ city: code, divisions: [place], areas: new Map() });
  return { grid, policy: readPolicy(testPolicy(), "+08:00"), routing: testRouting, utcOffset: "+08:00" };
};
const unsent = () => world.database.selectFrom("outbox").select("message_id").where("sent_at", "is", null).execute();
const [HERE, ELSEWHERE] = [city("330600"), city("990200")];

beforeEach(async () => {
  world = await World.open();
  await world.episode("E1", 1);
  await world.dispatched();
  await world.events(1);
  // The mark follows the news: it must not come upon what a test says of it.
  await expect.poll(unsent).toEqual([]);
});
afterEach(() => world.close());

test("a ticket's clocks are run by its own city's dispatcher alone", async () => {
  expect(await nextDueAt(world.database, HERE)).toBeGreaterThan(START);
  expect(await nextDueAt(world.database, ELSEWHERE)).toBeNull();
  const revision = async () => (await world.tickets.listTickets({ limit: 1 })).items[0]?.revision ?? 0;
  const before = await revision();
  await runDueClocks(world.database, ELSEWHERE, START + 2 * HOUR);
  expect(await revision()).toBe(before);
  await runDueClocks(world.database, HERE, START + 2 * HOUR);
  expect(await revision()).toBeGreaterThan(before);
});

test("a ticket's news is published by its own city's dispatcher alone", async () => {
  await world.database.transaction().execute(async (trx) => {
    await trx.updateTable("tickets").set({ division: "990200" }).execute();
    await trx.updateTable("outbox").set({ sent_at: null }).execute();
  });
  const { database, bus } = world;
  const trail = new Trail(createLog("test", "silent"), "dispatcher", undefined);
  const publish = (code: string) => publishOutbox({ database, bus, city: code, trail }, START);
  await publish("3306");
  expect(await unsent()).toHaveLength(1);
  await publish("9902");
  expect(await unsent()).toEqual([]);
});

test("a command for another city's ticket is refused as one that does not exist", async () => {
  const [ticket] = (await world.tickets.listTickets({ limit: 1 })).items;
  const command = { ticketId: ticket?.id ?? "", action: "respond", body: {}, accountId: OFFICER } as const;
  const ask = (where: City, idempotencyKey: string) =>
    world.database.transaction().execute((trx) => answerCommand(trx, { ...command, idempotencyKey }, where, START));
  expect(await ask(ELSEWHERE, "first")).toMatchObject({ outcome: "not-found" });
  expect(await ask(HERE, "second")).toMatchObject({ outcome: "done" });
});
