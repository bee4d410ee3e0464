import type { Bus } from "@hotgrid/bus";
import { Unavailable } from "@hotgrid/runtime";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forgetOldRows } from "./forget-old-rows.ts";
import { HOUR, MINUTE, OFFICER, START, World } from "./testing.ts";

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

/** The log, with something else in the place of one of its functions. */
function faulty<K extends keyof Bus>(bus: Bus, name: K, instead: Bus[K]): Bus {
  const other: Bus = Object.create(bus);
  for (const each of ["append", "consume", "read", "info", "lag", "request", "respond", "close"] as const) {
    Object.defineProperty(other, each, { value: each === name ? instead : bus[each].bind(bus) });
  }
  return other;
}

/** The log, with something else in the place of appends to TICKETS. */
const withTickets = (append: (bus: Bus, ...of: Parameters<Bus["append"]>) => ReturnType<Bus["append"]>) => (bus: Bus) =>
  faulty(bus, "append", (...of) => (of[0] === "tickets" ? append(bus, ...of) : bus.append(...of)));

async function ticketsAfterRestart(count: number): Promise<string[]> {
  await world.stop();
  await world.start();
  const events = await world.events(count);
  expect((await world.bus.info("tickets")).lastSeq).toBe(count);
  return events.map(({ ticket }) => `${ticket.id}#${ticket.revision}`);
}

test("killed between the commit and the log: the news comes after the restart, once", async () => {
  await world.stop();
  let refused = 0;
  await world.start(
    withTickets(async () => {
      refused++;
      throw new Unavailable("the process dies here");
    }),
  );
  await world.episode("E1", 1);
  await world.dispatched();
  await expect.poll(() => refused).toBeGreaterThan(0);
  const [ticket] = (await world.tickets.listTickets({ limit: 10 })).items;
  expect((await world.bus.info("tickets")).lastSeq).toBe(0);
  expect(await ticketsAfterRestart(1)).toEqual([`${ticket?.id}#1`]);
});

test("killed between the log and the mark in the outbox: the second copy is dropped by the log", async () => {
  await world.stop();
  await world.start(
    withTickets(async (bus, ...of) => {
      await bus.append(...of);
      throw new Unavailable("the process dies here");
    }),
  );
  await world.episode("E1", 1);
  await world.events(1);
  const unsent = await world.database.selectFrom("outbox").select("message_id").where("sent_at", "is", null).execute();
  expect(unsent).toHaveLength(1);
  await ticketsAfterRestart(1);
});

test("a database that is away costs an episode none of its deliveries", async () => {
  await world.stop();
  let [isAway, refused] = [true, 0];
  const deliveries: number[] = [];
  await world.start(
    (bus) =>
      faulty(bus, "consume", (stream, options, handle, signal) => {
        const counted: typeof handle = (batch) => {
          deliveries.push(...batch.map(({ attempt }) => attempt));
          return handle(batch);
        };
        return bus.consume(stream, options, counted, signal);
      }),
    (database) => {
      const transaction = database.transaction.bind(database);
      const orNone = () => {
        if (!isAway) return transaction();
        refused += 1;
        throw new Unavailable("the database is away");
      };
      return Object.defineProperty(database, "transaction", { value: orNone });
    },
  );
  await world.episode("E1", 1);
  await expect.poll(() => deliveries.length).toBe(1);
  const seen = refused;
  await expect.poll(() => refused).toBeGreaterThan(seen + 1);
  isAway = false;
  await world.events(1);
  expect(deliveries).toEqual([1]);
});

test("closed and opened again at every step of a ticket's life: nothing is lost, nothing doubled", async () => {
  const again = async (count: number) => ticketsAfterRestart(count);
  await world.episode("E1", 1);
  const id = (await world.events(1))[0]?.ticket.id ?? "";
  await again(1);
  world.clock.advanceTo(START + 30 * MINUTE);
  await world.events(2);
  await again(2);
  const officer = "O-330602001";
  await world.command(id, officer, "respond");
  await again(3);
  await world.command(id, officer, "handle");
  await again(4);
  await world.command(id, officer, "feedback", { note: "已扑灭", cause: "burning" });
  await again(5);
  await world.episode("E1", 2, { status: "resolved", endedAt: START + HOUR });
  await world.dispatched();
  await again(6);
  world.clock.advanceTo(START + 90 * MINUTE);
  await again(7);
  world.clock.advanceTo(START + 100 * MINUTE);
  expect(await again(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((revision) => `${id}#${revision}`));
  expect(await world.tickets.getTicket(id)).toMatchObject({ state: "closed", officerId: officer });
});

test("an episode that is delivered again after its commit opens no second ticket", async () => {
  await world.episode("E1", 1);
  await world.events(1);
  await world.stop();
  await world.start();
  await world.episode("E1", 1);
  await world.dispatched();
  await world.episode("E2", 1, { division: "330603001001" });
  expect(await world.story(2)).toEqual(["open→dispatched", "open→dispatched"]);
});

test("a command that was done before the crash is answered from memory after it", async () => {
  await world.episode("E1", 1);
  const id = (await world.events(1))[0]?.ticket.id ?? "";
  const sent = () => world.command(id, OFFICER, "respond", {}, { idempotencyKey: "once" });
  const first = await sent();
  await world.stop();
  await world.start();
  expect(await sent()).toEqual(first);
});

test("only what guards against repetition is forgotten, and only when none can come", async () => {
  await world.episode("E1", 1);
  const id = (await world.events(1))[0]?.ticket.id ?? "";
  await world.command(id, OFFICER, "respond");
  await world.events(2);
  const count = async (table: "outbox" | "command_results" | "tickets" | "ticket_history") =>
    (await world.database.selectFrom(table).selectAll().execute()).length;
  await expect
    .poll(
      async () => (await world.database.selectFrom("outbox").selectAll().where("sent_at", "is", null).execute()).length,
    )
    .toBe(0);
  await forgetOldRows(world.database, START + 7 * 24 * HOUR);
  expect([await count("outbox"), await count("command_results")]).toEqual([2, 1]);
  await forgetOldRows(world.database, START + 7 * 24 * HOUR + 1);
  expect([await count("outbox"), await count("command_results")]).toEqual([0, 0]);
  expect([await count("tickets"), await count("ticket_history")]).toEqual([1, 2]);
});
