import { testPolicy } from "@hotgrid/tickets/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HOUR, MINUTE, OFFICER, START, World } from "./testing.ts";

let world: World;
let id: string;
beforeEach(async () => {
  world = await World.open();
  await world.episode("E1", 1);
  id = (await world.events(1))[0]?.ticket.id ?? "";
});
afterEach(() => world.close());

test("an unanswered ticket climbs each level once, up to the city, and is pressed there", async () => {
  for (let level = 1; level <= 4; level++) {
    world.clock.advanceTo(START + level * 30 * MINUTE);
    await world.events(1 + level);
  }
  const events = await world.events(5);
  expect(events.map(({ ticket }) => ticket.officerId)).toEqual([
    ...[OFFICER, "O-330602001", "O-330602", "O-330600", "O-330600"],
  ]);
  expect(events[1]?.entry).toMatchObject({
    ...{ action: "overdue-escalated", by: "system", note: "respond-overdue" },
    details: { obligation: "respond", officerId: "O-330602001", previousOfficerId: OFFICER },
  });
  expect(events[4]?.entry).toMatchObject({ action: "overdue-pressed", note: "respond-overdue-at-the-top" });
  expect((await world.tickets.listTickets({ overdue: true, limit: 10 })).items.map((t) => t.id)).toEqual([id]);
  expect(await world.command(id, OFFICER, "respond")).toMatchObject({ outcome: "forbidden" });
  expect(await world.command(id, "O-330600", "respond")).toMatchObject({ outcome: "done" });
  expect((await world.tickets.listTickets({ overdue: true, limit: 10 })).items).toEqual([]);
});

const assign = (officer_id: string, division: string) =>
  world.database
    .insertInto("assignments")
    .values({ officer_id, division, role: "primary", term_from: 1, term_to: null })
    .execute();

test("whoever is responsible at two levels is not asked twice: the next person up is", async () => {
  await assign("O-330602001001", "330602001");
  await assign("O-330602001001", "330602001002");
  await world.episode("E2", 1, { division: "330602001002", lon: 120.07 });
  expect((await world.events(2))[1]?.ticket.officerId).toBe(OFFICER);
  world.clock.advanceTo(START + 30 * MINUTE);
  const climbed = (await world.events(4)).find(({ ticket, entry }) => ticket.id !== id && entry.action !== "open");
  expect(climbed?.ticket).toMatchObject({ officerId: "O-330602", officerDivision: "330602" });
});

test("the chain is that of the opening: who is appointed later is not in it", async () => {
  await assign("O-330603", "330602001");
  world.clock.advanceTo(START + 30 * MINUTE);
  expect((await world.events(2))[1]?.ticket).toMatchObject({
    officerId: "O-330602001",
    escalationChain: [{ officerId: "O-330602" }, { officerId: "O-330600" }],
  });
});

test("whose term ended since is replaced by who is in charge of that division", async () => {
  const term = world.database.updateTable("assignments").set({ term_to: START + MINUTE });
  await term.where("officer_id", "=", "O-330602001").execute();
  await assign("O-330603", "330602001");
  world.clock.advanceTo(START + 30 * MINUTE);
  expect((await world.events(2))[1]?.ticket).toMatchObject({ officerId: "O-330603", officerDivision: "330602001" });
});

test("a reminder comes once, before the time is over, and however late the system comes it is one", async () => {
  await world.close();
  world = await World.open({ policy: { ...testPolicy(), remindAtShares: [0.5, 0.8] } });
  await world.episode("E1", 1);
  await world.events(1);
  world.clock.advanceTo(START + 15 * MINUTE);
  expect((await world.events(2))[1]).toMatchObject({
    ticket: { officerId: OFFICER, revision: 2 },
    entry: { action: "reminded", note: "respond-due-soon", from: "dispatched", to: "dispatched" },
  });
  await world.stop();
  world.clock.advanceTo(START + 29 * MINUTE);
  await world.start();
  await world.events(3);
  world.clock.advanceTo(START + 30 * MINUTE);
  expect((await world.story(4)).slice(1)).toEqual([
    ...["reminded→dispatched", "reminded→dispatched", "overdue-escalated→dispatched"],
  ]);
});

test("who answers in time and then does nothing has to answer again, is pressed, and then escalated", async () => {
  world.clock.advanceTo(START + 29 * MINUTE);
  await world.command(id, OFFICER, "respond");
  world.clock.advanceTo(START + 4 * HOUR);
  const events = await world.events(3);
  expect(events[2]).toMatchObject({
    ticket: { state: "dispatched", officerId: OFFICER, supervised: true, escalationLevel: 0 },
    entry: { action: "response-lapsed", note: "handle-overdue" },
  });
  world.clock.advanceTo(START + 4 * HOUR + 30 * MINUTE);
  expect((await world.events(4))[3]).toMatchObject({
    ticket: { officerId: "O-330602001", escalationLevel: 1 },
    entry: { action: "overdue-escalated" },
  });
});

test("what was due while the system was down is done once, at the start", async () => {
  await world.stop();
  world.clock.advanceTo(START + 3 * 24 * HOUR);
  await world.start();
  const due = (await world.events(4)).slice(1).map(({ entry }) => entry.note);
  expect(due).toEqual(["respond-overdue", "handle-overdue", "feedback-overdue"]);
  await world.stop();
  await world.start();
  world.clock.advanceTo(START + 3 * 24 * HOUR + 30 * MINUTE);
  expect((await world.events(5))[4]?.entry).toMatchObject({
    note: "respond-overdue",
    details: { officerId: "O-330602" },
  });
});

test("every clock of a ticket is a row, settled as the ticket says", async () => {
  world.clock.advanceTo(START + 30 * MINUTE);
  await world.events(2);
  await world.command(id, "O-330602001", "respond");
  const rows = await world.database.selectFrom("obligations").selectAll().orderBy("position").execute();
  const ticket = await world.tickets.getTicket(id);
  expect(
    rows.map((row) => ({ kind: row.kind, dueAt: row.due_at, state: row.state, settledAt: row.settled_at })),
  ).toEqual(ticket?.obligations);
  expect(rows.map((row) => `${row.kind} ${row.state}`)).toEqual([
    "respond breached",
    "handle running",
    "feedback running",
    "respond met",
  ]);
});

test("a suspension ends by itself, with the time that was left", async () => {
  world.clock.advanceTo(START + 10 * MINUTE);
  const until = new Date(START + 48 * HOUR).toISOString();
  await world.command(id, "supervisor", "suspend", { note: "企业整改", until });
  world.clock.advanceTo(START + 48 * HOUR);
  const resumed = (await world.events(3))[2];
  expect(resumed).toMatchObject({ entry: { action: "resume", by: "system" }, ticket: { state: "dispatched" } });
  expect(resumed?.ticket.obligations[0]).toMatchObject({ kind: "respond", dueAt: START + 48 * HOUR + 20 * MINUTE });
});
