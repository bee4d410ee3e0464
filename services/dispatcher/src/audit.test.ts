import { AuditStore } from "@hotgrid/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OFFICER, World } from "./testing.ts";

let world: World;
let audit: AuditStore;
let id: string;
beforeEach(async () => {
  world = await World.open();
  audit = new AuditStore(world.database);
  await world.episode("E1", 1);
  await world.dispatched();
  id = (await world.tickets.listTickets({ limit: 1 })).items[0]?.id ?? "";
});
afterEach(() => world.close());

const recorded = async () =>
  (await audit.list({ division: "330600", subject: "ticket", limit: 100 })).items.toReversed();

test("every step of a ticket is recorded with who took it and from where", async () => {
  await world.command(id, OFFICER, "respond", { note: "马上到" }, { address: "10.1.2.3" });
  await world.command(id, OFFICER, "handle");
  const steps = await recorded();
  expect(steps.map(({ account, address, action }) => [account, address, action])).toEqual([
    ["system", null, "open"],
    [OFFICER, "10.1.2.3", "respond"],
    [OFFICER, null, "handle"],
  ]);
  expect(steps[1]).toMatchObject({
    subjectId: id,
    details: { revision: 2, from: "dispatched", to: "responded", note: "马上到" },
  });
  expect((await audit.verify()).problem).toBeNull();
});

test("a refused command leaves no record, one that is repeated with its key no second", async () => {
  await world.command(id, OFFICER, "verify", { passed: true });
  const key = { idempotencyKey: "tap" };
  await world.command(id, OFFICER, "respond", {}, key);
  await world.command(id, OFFICER, "respond", {}, key);
  expect((await recorded()).map(({ action }) => action)).toEqual(["open", "respond"]);
});

test("a ticket that somebody closes by hand in the database is found", async () => {
  const closed = JSON.stringify({ ...(await world.tickets.getTicket(id)), state: "closed" });
  await world.database.updateTable("tickets").set({ document: closed }).where("id", "=", id).execute();
  expect((await audit.verify()).problem).toMatchObject({ kind: "ticket" });
});
