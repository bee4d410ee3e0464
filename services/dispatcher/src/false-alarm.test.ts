import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HOUR, MINUTE, OFFICER, START, VILLAGE, World } from "./testing.ts";

let world: World;
let id: string;
beforeEach(async () => {
  world = await World.open();
  await world.episode("E1", 1);
  id = (await world.events(1))[0]?.ticket.id ?? "";
});
afterEach(() => world.close());

describe("a false alarm", () => {
  const declare = (account = "supervisor") =>
    world.command(id, account, "false-alarm", { note: "已报备的消防演练", reason: "known-activity" });

  test("closes the ticket without clean air, and counts against the rules that raised it", async () => {
    expect(await declare()).toMatchObject({
      outcome: "done",
      ticket: { state: "closed", falseAlarm: "known-activity" },
    });
    expect(await world.tickets.countFalseAlarms()).toEqual([
      { ruleVersion: "test", kind: "local", reason: "known-activity", count: 1 },
    ]);
  });

  test.each(["operator", OFFICER, "viewer"])("is not for %s to declare", async (account) => {
    expect(await declare(account)).toMatchObject({ outcome: "forbidden" });
    expect(await world.tickets.countFalseAlarms()).toEqual([]);
  });

  test("needs a reason that the statistics know", async () => {
    const body = { note: "不知道", reason: "no idea" };
    expect(await world.command(id, "supervisor", "false-alarm", body)).toMatchObject({ outcome: "invalid" });
  });

  test("its episode pages nobody again, and a new one at the place gets a ticket of its own", async () => {
    await declare();
    // News of two tickets that wait for the log together have no order among them.
    await world.events(2);
    await world.episode("E1", 2, { severity: "red" });
    await world.episode("E2", 1);
    const events = await world.events(3);
    expect(events.map(({ entry }) => entry.action)).toEqual(["open", "false-alarm", "open"]);
    expect(events[2]?.ticket.id).not.toBe(id);
  });

  test("that is reopened counts no longer, and is none", async () => {
    await declare();
    const reopened = await world.command(id, "supervisor", "reopen", { note: "又有人投诉" });
    expect(reopened).toMatchObject({ ticket: { state: "dispatched", falseAlarm: null } });
    expect(await world.tickets.countFalseAlarms()).toEqual([]);
  });
});

describe("interference at a station of a ticket", () => {
  const spray = (stationId = "S1") =>
    world.episode("I1", 1, { kind: "interference", stationIds: [stationId], division: VILLAGE, reason: "misting" });
  /** The latest of the first ticket, once there are `count` of all. */
  const ofTicket = async (count: number) => (await world.events(count)).findLast(({ ticket }) => ticket.id === id);
  async function verifying(): Promise<void> {
    for (let count = 8; (await ofTicket(count))?.ticket.state !== "verification"; ) count++;
  }

  test("is shown to the level above, and clean air alone does not close the ticket any more", async () => {
    await world.work(id);
    await spray();
    expect(await ofTicket(6)).toMatchObject({
      ticket: { supervised: true, interferenceEpisodeId: "I1" },
      entry: { action: "interference-suspected", details: { episodeId: "I1" } },
    });
    await world.episode("E1", 2, { status: "resolved", endedAt: START });
    expect((await ofTicket(7))?.ticket.recovery).toBe("interference-suspected");
    world.clock.advanceTo(START + 20 * HOUR);
    await verifying();
    expect(await world.command(id, OFFICER, "verify", { passed: true })).toMatchObject({ outcome: "forbidden" });
    expect(await world.command(id, "supervisor", "verify", { passed: true })).toMatchObject({
      ticket: { state: "closed", recovery: "interference-suspected" },
    });
  });

  test("found while the sensors' verdict was about to close it stops that", async () => {
    await world.work(id);
    await world.episode("E1", 2, { status: "resolved", endedAt: START });
    await world.events(5);
    world.clock.advanceTo(START + 30 * MINUTE);
    expect((await world.events(6))[5]?.ticket.state).toBe("verification");
    await spray();
    const flagged = (await ofTicket(8))?.ticket;
    expect(flagged).toMatchObject({ state: "verification", recovery: "interference-suspected" });
    expect(flagged?.obligations.filter(({ state }) => state === "running")).toMatchObject([
      { kind: "verify", dueAt: START + 30 * MINUTE + 24 * HOUR },
    ]);
  });

  test("elsewhere is no business of this ticket", async () => {
    await spray("S9");
    await world.events(2);
    await world.dispatched();
    expect((await world.tickets.getTicket(id))?.interferenceEpisodeId).toBeUndefined();
  });
});
