import { EpisodeStore } from "@hotgrid/store";
import { testPolicy } from "@hotgrid/tickets/testing";
import { afterEach, describe, expect, test } from "vitest";
import { HOUR, MINUTE, OFFICER, START, World, type WorldOptions } from "./testing.ts";

let world: World;
afterEach(() => world.close());
const open = async (options: WorldOptions = {}) => {
  world = await World.open(options);
};
const all = async () => (await world.tickets.listTickets({ limit: 100 })).items;
const resolved = (at: number) => ({ status: "resolved", endedAt: at }) as const;

describe("the loop", () => {
  test("an episode reaches the village's officer, is handled, recovers, and the sensor closes the ticket", async () => {
    await open();
    await world.episode("E1", 1);
    const [opened] = await world.events(1);
    const id = opened?.ticket.id ?? "";
    expect(opened?.ticket).toMatchObject({
      id: expect.stringMatching(/^261122-\d{4}$/),
      officerId: OFFICER,
      routingReason: "assignment-village",
      title: { zh: "塔山街道一村 PM2.5 局地热点" },
    });
    world.clock.advanceTo(START + 5 * MINUTE);
    await world.work(id);
    await world.episode("E1", 2, resolved(START + 20 * MINUTE));
    await world.events(5);
    world.clock.advanceTo(START + 50 * MINUTE);
    await world.events(6);
    world.clock.advanceTo(START + 60 * MINUTE);
    expect(await world.story(7)).toEqual([
      "open→dispatched",
      "respond→responded",
      "handle→handling",
      "feedback→feedback",
      "recovered→feedback",
      "recovered→verification",
      "close→closed",
    ]);
    expect(await world.tickets.getTicket(id)).toMatchObject({
      ...{ state: "closed", recovery: "handled-and-recovered", cause: "burning" },
      ...{ recoveredAt: START + 20 * MINUTE, closedAt: START + 60 * MINUTE },
    });
    const history = await world.tickets.historyOf(id);
    expect(history.map((line) => line.revision)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(history[3]).toMatchObject({ by: OFFICER, note: "秸秆焚烧，已扑灭", details: { cause: "burning" } });
  });

  test("an episode that is over before anybody acted keeps its ticket open for the officer's report", async () => {
    await open();
    await world.episode("E1", 1);
    await world.episode("E1", 2, resolved(START));
    const events = await world.events(2);
    expect(events[1]?.ticket).toMatchObject({ state: "dispatched", recovery: "recovered-before-handling" });
    world.clock.advanceTo(START + 25 * MINUTE);
    await world.work(events[0]?.ticket.id ?? "");
    await world.events(5);
    world.clock.advanceTo(START + 31 * MINUTE);
    await world.events(6);
    world.clock.advanceTo(START + 41 * MINUTE);
    expect((await world.events(7))[6]?.ticket).toMatchObject({
      state: "closed",
      recovery: "recovered-before-handling",
    });
  });

  test("an episode that fires again takes its ticket back from verification to handling", async () => {
    await open();
    await world.episode("E1", 1);
    await world.work((await world.events(1))[0]?.ticket.id ?? "");
    await world.episode("E1", 2, resolved(START - HOUR));
    await world.events(6);
    await world.episode("E1", 3);
    expect((await world.story(7)).slice(4)).toEqual([
      "recovered→feedback",
      "recovered→verification",
      "relapsed→handling",
    ]);
  });
});

describe("which episodes open a ticket", () => {
  test("a provisional one does not until it is confirmed, a regional one never", async () => {
    await open();
    await world.episode("E1", 1, { confirmedAt: null });
    await world.episode("R1", 1, { kind: "regional", division: "330600" });
    await world.dispatched();
    expect(await all()).toEqual([]);
    await world.episode("E1", 2);
    expect((await world.events(1))[0]?.ticket.episodeId).toBe("E1");
  });

  test("the same event twice, and an older revision after a newer one, change nothing", async () => {
    await open();
    await world.episode("E1", 2, { severity: "red" });
    await world.episode("E1", 2, { severity: "red" });
    await world.episode("E1", 1, { severity: "yellow" });
    await world.dispatched();
    await world.episode("E2", 1, { division: "330603001001" });
    expect(await world.story(2)).toEqual(["open→dispatched", "open→dispatched"]);
    expect((await all()).map((ticket) => ticket.severity)).toContain("red");
    expect((await new EpisodeStore(world.database).getEpisode("E1"))?.severity).toBe("red");
  });

  test("one whose beginning got lost is opened and recovered, for somebody has to report on it", async () => {
    await open();
    await world.episode("E1", 7, resolved(START));
    expect(await world.story(2)).toEqual(["open→dispatched", "recovered→dispatched"]);
  });

  test("what is no episode goes to the dead letters, and the next one is dispatched", async () => {
    await open();
    await world.bus.append("episodes", [{ subject: "episodes.3306", data: Buffer.from("{}") }]);
    await world.episode("E1", 1);
    await world.events(1);
    expect((await world.bus.info("deadLetters")).lastSeq).toBe(1);
  });
});

describe("one ticket for one thing", () => {
  test("a second episode at the place joins the open ticket, which recovers when both are over", async () => {
    await open();
    await world.episode("E1", 1);
    await world.episode("E2", 1, { observedProperties: ["pm10"], stationIds: ["S2"] });
    await world.episode("E1", 2, resolved(START + MINUTE));
    await world.episode("E2", 2, { ...resolved(START + 2 * MINUTE), observedProperties: ["pm10"], stationIds: ["S2"] });
    expect(await world.story(3)).toEqual(["open→dispatched", "episode-updated→dispatched", "recovered→dispatched"]);
    expect((await world.events(2))[1]?.entry.note).toBe("episode-joined, more-stations, more-properties");
    const [ticket, ...others] = await all();
    expect(others).toEqual([]);
    expect(ticket).toMatchObject({ stationIds: ["S1", "S2"], recoveredAt: START + 2 * MINUTE });
    const id = ticket?.id;
    expect(await world.tickets.ticketIdsOf(["E1", "E2"])).toEqual(
      new Map([
        ["E1", [id]],
        ["E2", [id]],
      ]),
    );
  });

  test("two episodes in different villages are two tickets, and so are two devices of one village", async () => {
    await open();
    await world.episode("E1", 1);
    await world.episode("E2", 1, { division: "330602001002" });
    await world.episode("D1", 1, { kind: "offline", stationIds: ["S1"] });
    await world.episode("D2", 1, { kind: "offline", stationIds: ["S2"] });
    await world.events(4);
    expect(new Set((await all()).map((ticket) => ticket.id)).size).toBe(4);
  });

  test("a recurrence soon after the closing reopens the ticket; one much later opens another", async () => {
    await open();
    await world.episode("E1", 1);
    const id = (await world.events(1))[0]?.ticket.id ?? "";
    await world.work(id);
    await world.episode("E1", 2, resolved(START - HOUR));
    await world.events(6);
    world.clock.advanceTo(START + 10 * MINUTE);
    await world.events(7);

    world.clock.advanceTo(START + 5 * HOUR);
    await world.episode("E1", 3, { ...resolved(START - HOUR), peak: 130 });
    await world.episode("E2", 1);
    expect((await world.events(8))[7]).toMatchObject({
      ticket: { id, state: "dispatched", episodeId: "E2" },
      entry: { action: "reopen", note: "recurrence" },
    });
    await world.work(id);
    await world.episode("E2", 2, resolved(START));
    await world.events(13);
    world.clock.advanceTo(START + 6 * HOUR);
    await world.events(14);
    world.clock.advanceTo(START + 13 * HOUR);
    await world.episode("E3", 1);
    expect((await world.events(15))[14]?.ticket.id).not.toBe(id);
  });

  test("an episode that grows is told and tightens the clocks; mere numbers are not", async () => {
    await open();
    await world.episode("E1", 1);
    await world.episode("E1", 2, { peak: 500 });
    await world.episode("E1", 3, { severity: "red", stationIds: ["S1", "S2"] });
    const [, grown] = await world.events(2);
    expect(grown?.entry.note).toBe("severity-rose, more-stations");
    expect(grown?.ticket.obligations[0]?.dueAt).toBe(START + 20 * MINUTE);
    world.clock.advanceTo(START + 20 * MINUTE);
    expect((await world.events(3))[2]?.entry.action).toBe("overdue-escalated");
  });
});

test("a supervisor's city waits for the supervisor, and presses when nobody verifies", async () => {
  await open({ policy: testPolicy("supervisor") });
  await world.episode("E1", 1);
  const id = (await world.events(1))[0]?.ticket.id ?? "";
  await world.work(id);
  await world.episode("E1", 2, resolved(START - HOUR));
  await world.events(6);
  world.clock.advanceTo(START + 24 * HOUR);
  expect((await world.events(7))[6]).toMatchObject({ entry: { action: "overdue-pressed", note: "verify-overdue" } });
  expect(await world.command(id, "supervisor", "verify", { passed: true })).toMatchObject({
    ticket: { state: "closed" },
  });
});
