import { AuditStore } from "@hotgrid/store";
import { auditClocks } from "@hotgrid/tickets";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HOUR, MINUTE, OFFICER, START, World } from "./testing.ts";

const SECOND = "330602001002";
let world: World;
let id: string;

/** S1 in the first village, S2 in the second; the ticket's episode spans both. */
beforeEach(async () => {
  world = await World.open();
  const common = { name: "", kind: "micro" as const, properties: "[]", interval_seconds: 60 };
  const stations = [
    { id: "S1", lon: 120.05, lat: 30, division: "330602001001" },
    { id: "S2", lon: 120.06, lat: 30, division: SECOND },
  ];
  const rows = stations.map((station) => ({ ...common, ...station, secret_hash: null, retired_at: null }));
  await world.database.insertInto("stations").values(rows).execute();
  await world.episode("E1", 1, { stationIds: ["S1", "S2"] });
  id = (await world.events(1))[0]?.ticket.id ?? "";
});
afterEach(() => world.close());

const split = (stationIds = ["S2"], account = "supervisor") =>
  world.command(id, account, "split", { note: "两处火点", stationIds });
/** The other ticket, once the log has `count` messages. */
const part = async (count = 3) => (await world.events(count)).findLast(({ ticket }) => ticket.id !== id);
const resolved = { status: "resolved", endedAt: START } as const;

test("the part goes to whoever is on duty where its stations lie, with its own clocks", async () => {
  world.clock.advanceTo(START + 20 * MINUTE);
  expect(await split()).toMatchObject({ outcome: "done", ticket: { id, stationIds: ["S1"], officerId: OFFICER } });
  const opened = await part();
  expect(opened).toMatchObject({
    ticket: { stationIds: ["S2"], splitFrom: id, division: SECOND, officerId: `O-${SECOND}` },
    entry: { action: "split", by: "supervisor", from: null },
  });
  expect(opened?.ticket.obligations).toMatchObject([
    { kind: "respond", dueAt: START + 50 * MINUTE },
    { kind: "handle", dueAt: START + 4 * HOUR },
    { kind: "feedback", dueAt: START + 24 * HOUR },
  ]);
  const rows = await world.tickets.clocksOf(opened?.ticket.id ?? "");
  expect(rows.map(({ dueAt }) => dueAt)).toEqual(opened?.ticket.obligations.map(({ dueAt }) => dueAt));
});

test("an episode that spans both: both have recovered when it is over, and neither gets the other's stations back", async () => {
  await split();
  const other = (await part())?.ticket.id ?? "";
  expect((await world.tickets.ticketIdsOf(["E1"])).get("E1")?.toSorted()).toEqual([id, other].toSorted());
  await world.episode("E1", 2, { stationIds: ["S1", "S2"], severity: "red" });
  await world.dispatched();
  expect((await world.tickets.getTicket(id))?.stationIds).toEqual(["S1"]);
  expect(await world.tickets.getTicket(other)).toMatchObject({ stationIds: ["S2"], severity: "red" });
  await world.episode("E1", 3, { stationIds: ["S1", "S2"], ...resolved });
  await world.dispatched();
  for (const one of [id, other]) expect((await world.tickets.getTicket(one))?.recoveredAt).toBe(START);
});

test("an episode of the part's stations alone goes with it: the ticket that stays recovers without it", async () => {
  await world.episode("E2", 1, { stationIds: ["S2"] });
  await world.events(2);
  await world.episode("E1", 2, { stationIds: ["S1"], ...resolved });
  await world.dispatched();
  await split();
  const other = (await part(5))?.ticket.id ?? "";
  expect((await world.tickets.ticketIdsOf(["E2"])).get("E2")).toEqual([other]);
  expect((await world.tickets.getTicket(id))?.recoveredAt).toBe(START);
  expect((await world.tickets.getTicket(other))?.recoveredAt).toBeNull();
});

test("both are in the audit chain with who split them, and their clocks stand the audit", async () => {
  await split();
  const other = (await part())?.ticket.id ?? "";
  const audit = new AuditStore(world.database);
  const { items } = await audit.list({ division: "330602", subject: "ticket", limit: 2 });
  expect(items.map(({ account, action, subjectId }) => [account, action, subjectId])).toEqual([
    ["supervisor", "split", other],
    ["supervisor", "split", id],
  ]);
  expect((await audit.verify()).problem).toBeNull();
  for (const one of [id, other]) {
    const ticket = await world.tickets.getTicket(one);
    if (!ticket) throw new Error(`no ticket ${one}`);
    const record = { ticket, history: await world.tickets.historyOf(one), rows: await world.tickets.clocksOf(one) };
    expect(auditClocks(record, START, 0)).toEqual([]);
  }
});

test("merged back, the ticket has all stations and all episodes", async () => {
  await split();
  const other = (await part())?.ticket.id ?? "";
  await world.command(other, "supervisor", "merge", { into: id });
  const whole = await world.tickets.getTicket(id);
  expect(whole?.stationIds.toSorted()).toEqual(["S1", "S2"]);
  expect((await world.tickets.ticketIdsOf(["E1"])).get("E1")).toEqual([id]);
  await world.episode("E1", 2, { stationIds: ["S1", "S2"], ...resolved });
  await world.dispatched();
  expect((await world.tickets.getTicket(id))?.recoveredAt).toBe(START);
});

test("once both are closed, the episode's return reopens one ticket, not two", async () => {
  await split();
  const other = (await part())?.ticket.id ?? "";
  await world.command(other, "supervisor", "false-alarm", { note: "无污染源", reason: "nothing-there" });
  await world.work(id);
  await world.episode("E1", 2, { stationIds: ["S1", "S2"], status: "resolved", endedAt: START - HOUR });
  await world.events(9);
  await world.command(id, "supervisor", "close");
  await world.episode("E1", 3, { stationIds: ["S1", "S2"] });
  await world.dispatched();
  expect((await world.tickets.getTicket(id))?.state).toBe("dispatched");
  expect((await world.tickets.getTicket(other))?.state).toBe("closed");
});

test.each<[string, string, string[], string]>([
  ["all stations", "supervisor", ["S1", "S2"], "bad-stations"],
  ["another ticket's station", "supervisor", ["S7"], "bad-stations"],
  ["none", "supervisor", [], "bad-body"],
  ["by the holder", OFFICER, ["S2"], "not-permitted"],
  ["by another county's officer", "O-330603", ["S2"], "not-found"],
])("%s is refused, and nothing has changed", async (_rule, account, stationIds, reason) => {
  expect(await split(stationIds, account)).toMatchObject({ reason });
  expect((await world.bus.info("tickets")).lastSeq).toBe(1);
});

test("to a place outside of the division of who splits is refused", async () => {
  await world.database.updateTable("stations").set({ lon: 120.07 }).where("id", "=", "S2").execute();
  expect(await split()).toMatchObject({ outcome: "forbidden", reason: "target-outside-division" });
  expect(await split(["S2"], "operator")).toMatchObject({ outcome: "done" });
});

test("where another ticket is open at the part's place it is refused, and names it", async () => {
  await world.episode("E3", 1, { division: SECOND, stationIds: ["S3"] });
  const twin = (await world.events(2))[1]?.ticket.id ?? "";
  expect(await split()).toMatchObject({
    reason: "another-open-ticket",
    message: { en: expect.stringContaining(twin) },
  });
});
