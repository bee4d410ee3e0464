import { AuditStore, checkDraws, InspectionGrantStore, isDrawn } from "@hotgrid/store";
import { testPolicy } from "@hotgrid/tickets/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HOUR, MINUTE, OFFICER, START, VILLAGE, World } from "./testing.ts";

const DAY = 24 * HOUR;
let world: World;
const policy = (share: number, kinds = ["local"]) => ({ ...testPolicy(), inspection: { share, kinds, withinDays: 7 } });
const supervisor = {
  ...{ id: "supervisor", name: "督办员", role: "supervisor" as const, division: "330602", officerId: null },
};
const grant = (division = "330602", until = START + 30 * DAY) =>
  new InspectionGrantStore(world.database, world.clock).grant("inspector", { division, until }, supervisor, null);
const inspect = (id: string, passed: boolean) =>
  world.command(id, "inspector", "inspect", {
    ...{ passed, note: "现场核查", ...(passed ? {} : { plan: "三日内覆盖裸土并加密洒水" }) },
  });

/** Opens a ticket and brings it to its end; answers its id. `before`: messages in the log by then. */
async function closed(before = 0): Promise<string> {
  await world.episode(`E${before}`, 1);
  const id = (await world.events(before + 1))[before]?.ticket.id ?? "";
  await world.work(id);
  await world.episode(`E${before}`, 2, { status: "resolved", endedAt: world.clock.now() - HOUR });
  await world.events(before + 6);
  world.clock.advanceTo(world.clock.now() + 10 * MINUTE);
  await world.events(before + 7);
  return id;
}

afterEach(() => world.close());

describe("with every ticket drawn", () => {
  let id: string;
  beforeEach(async () => {
    world = await World.open({ policy: policy(1) });
    id = await closed();
    await world.events(8);
  });

  test("a ticket that the sensors closed comes on the inspectors' list, with a clock", async () => {
    const ticket = await world.tickets.getTicket(id);
    expect(ticket).toMatchObject({ state: "closed", inspection: { state: "pending", reason: "sampled", by: null } });
    expect(ticket?.obligations.at(-1)).toMatchObject({ kind: "inspect", state: "running" });
    const list = await world.tickets.listTickets({ inspection: "pending", limit: 10 });
    expect(list.items.map((one) => one.id)).toEqual([id]);
  });

  test("an inspector without a grant, with an expired one, or with another county's does not know the ticket", async () => {
    expect(await inspect(id, true)).toMatchObject({ outcome: "not-found" });
    await new InspectionGrantStore(world.database, world.clock).grant(
      "inspector",
      { division: "330603", until: START + DAY },
      { ...supervisor, division: "330600" },
      null,
    );
    expect(await inspect(id, true)).toMatchObject({ outcome: "not-found" });
    await world.close();
    world = await World.open({ policy: policy(1) });
    id = await closed();
    await grant("330602", world.clock.now() + MINUTE);
    world.clock.advanceTo(world.clock.now() + MINUTE);
    expect(await inspect(id, true)).toMatchObject({ outcome: "not-found" });
    await grant();
    expect(await inspect(id, true)).toMatchObject({ outcome: "done" });
  });

  test("a revoked grant ends at once", async () => {
    await grant();
    await new InspectionGrantStore(world.database, world.clock).revoke("inspector", supervisor, null);
    expect(await inspect(id, true)).toMatchObject({ outcome: "not-found" });
  });

  test.each(["supervisor", "administrator", OFFICER, "operator"])("%s does not inspect", async (account) => {
    const reply = await world.command(id, account, "inspect", { passed: true, note: "看过了" });
    expect(reply).toMatchObject({ outcome: "forbidden" });
  });

  test("an inspector does nothing but inspect and comment, and only what was drawn", async () => {
    await grant();
    expect(await world.command(id, "inspector", "reopen", { note: "重开" })).toMatchObject({ outcome: "forbidden" });
    expect(await world.command(id, "inspector", "comment", { note: "已到现场" })).toMatchObject({ outcome: "done" });
    // News of two tickets that wait for the log together have no order among them.
    await world.events(9);
    await world.episode("E9", 1, { division: "330602001002" });
    const other = (await world.events(10))[9]?.ticket.id ?? "";
    expect(other).not.toBe(id);
    expect(await world.command(other, "inspector", "comment", { note: "看看" })).toMatchObject({
      outcome: "not-found",
    });
  });

  test("passed: it stays closed, and that was it", async () => {
    await grant();
    expect(await inspect(id, true)).toMatchObject({
      ticket: { state: "closed", inspection: { state: "passed", by: "inspector", note: "现场核查", plan: null } },
    });
    expect(await inspect(id, false)).toMatchObject({ outcome: "conflict", reason: "no-inspection" });
    const [record] = (await new AuditStore(world.database).list({ division: "330602", subjectId: id, limit: 1 })).items;
    expect(record).toMatchObject({ account: "inspector", action: "inspect", details: { to: "closed" } });
  });

  test("not passed: it is open again for whoever is on duty, pressed, with the plan; and is inspected again", async () => {
    await grant();
    expect(await inspect(id, false)).toMatchObject({
      ticket: {
        ...{ state: "dispatched", officerId: OFFICER, supervised: true, division: VILLAGE },
        inspection: { state: "failed", plan: "三日内覆盖裸土并加密洒水" },
      },
    });
    await world.database.updateTable("inspection_draws").set({ share: 0 }).execute();
    await world.work(id);
    await world.events(13);
    world.clock.advanceTo(world.clock.now() + 10 * MINUTE);
    const last = (await world.events(15))[14];
    expect(last?.ticket).toMatchObject({
      id,
      state: "closed",
      inspection: { state: "pending", reason: "failed-before" },
    });
    expect((await new AuditStore(world.database).verify()).problem).toBeNull();
  });

  test.each([
    ["a result without a plan", { passed: false, note: "不合格" }],
    ["a plan that says nothing", { passed: false, note: "不合格", plan: "整改" }],
    ["a plan of a novel's length", { passed: false, note: "不合格", plan: "改".repeat(4001) }],
  ])("%s is refused", async (_rule, body) => {
    await grant();
    expect(await world.command(id, "inspector", "inspect", body)).toMatchObject({ outcome: "invalid" });
  });

  test("where nobody comes in time it lapses, once, and says so", async () => {
    world.clock.advanceTo(world.clock.now() + 7 * DAY);
    expect((await world.events(9))[8]).toMatchObject({
      entry: { action: "inspection-lapsed", from: "closed", to: "closed" },
      ticket: { inspection: { state: "lapsed" } },
    });
    await grant();
    expect(await inspect(id, true)).toMatchObject({ reason: "no-inspection" });
  });

  test("a recurrence takes a ticket off the list", async () => {
    await world.episode("E7", 1);
    expect((await world.events(9))[8]?.ticket).toMatchObject({ id, state: "dispatched", inspection: null });
    expect((await world.tickets.listTickets({ inspection: "pending", limit: 10 })).items).toEqual([]);
  });
});

test("a share of nothing lists nothing, and kinds that are not named are not drawn", async () => {
  world = await World.open({ policy: policy(0) });
  await closed();
  await world.dispatched();
  expect((await world.bus.info("tickets")).lastSeq).toBe(7);
  await world.close();
  world = await World.open({ policy: policy(1, ["offline"]) });
  await closed();
  await world.dispatched();
  expect((await world.bus.info("tickets")).lastSeq).toBe(7);
});

test("a false alarm is drawn too: nobody closes his way around the inspection", async () => {
  world = await World.open({ policy: policy(1) });
  await world.episode("E1", 1);
  const id = (await world.events(1))[0]?.ticket.id ?? "";
  const reply = await world.command(id, "supervisor", "false-alarm", { note: "已报备", reason: "known-activity" });
  expect(reply).toMatchObject({ ticket: { state: "closed", inspection: { state: "pending" } } });
});

test("what a month began with holds until its end, and is in the audit log before the first draw", async () => {
  world = await World.open({ policy: policy(1) });
  await closed();
  const records = (await new AuditStore(world.database).list({ division: "330600", limit: 100 })).items.toReversed();
  const draw = records.findIndex(({ subject, action }) => subject === "inspection" && action === "draw");
  const chosen = records.findIndex(({ action }) => action === "inspection-chosen");
  expect(draw).toBeGreaterThan(-1);
  expect(draw).toBeLessThan(chosen);
  expect(records[draw]?.details).toEqual({
    share: 1,
    kinds: "local",
    keySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const { key, share } = await world.database
    .selectFrom("inspection_draws")
    .select(["key", "share"])
    .executeTakeFirstOrThrow();
  expect(isDrawn({ key, share }, "261122-0001")).toBe(true);
});

test("the draw can be done again by its key; a ticket that was kept off the list, or put on it, is found", async () => {
  world = await World.open({ policy: policy(1) });
  const id = await closed();
  await world.events(8);
  const november = { period: "2026-11", share: 1, closings: 1, drawn: 1, differing: [] };
  expect(await checkDraws(world.database, "+08:00")).toEqual([november]);
  const chosen = world.database.deleteFrom("ticket_history").where("action", "=", "inspection-chosen");
  await chosen.execute();
  expect(await checkDraws(world.database, "+08:00")).toEqual([{ ...november, differing: [id] }]);
  await world.close();
  world = await World.open({ policy: policy(1) });
  const other = await closed();
  await world.events(8);
  await world.database.updateTable("inspection_draws").set({ share: 0 }).execute();
  expect(await checkDraws(world.database, "+08:00")).toEqual([{ ...november, share: 0, drawn: 0, differing: [other] }]);
});
