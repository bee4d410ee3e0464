import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { HOUR, MINUTE, SECOND, START, ticketStep, World } from "./testing.ts";
import { TestEndpoint } from "./testing-server.ts";

let endpoint: TestEndpoint;
let world: World;
beforeEach(async () => {
  endpoint = await TestEndpoint.open();
  world = await World.open({ receivers: [hook()] });
});
afterEach(async () => {
  await world.close();
  await endpoint.close();
});

const hook = (changes: Record<string, unknown> = {}) => ({
  ...{ id: "hook", type: "webhook", url: `${endpoint.url}/in`, allowHttp: true, division: "330602" },
  ...{ audiences: ["officers", "supervisors", "notices"] },
  ...changes,
});
const bodies = () => endpoint.received.map(({ body }) => JSON.parse(body));
const steps = () => bodies().flatMap(({ data }) => data.news.map((news: { step: string }) => news.step));
const arrived = (count: number) => expect.poll(() => endpoint.received.length).toBe(count);
const red = { ticket: { severity: "red" } } as const;

test("a red ticket is told at once, with place, deadline, id and link, as a CloudEvent", async () => {
  await world.tell([ticketStep("T1", 1, red)]);
  await arrived(1);
  expect(bodies()[0]).toMatchObject({
    specversion: "1.0",
    source: "/hotgrid/3306",
    subject: "T1",
    data: {
      title: "【热点网格】新工单 红色",
      lines: [
        ...["塔山街道一村 PM2.5 局地热点", "请于 11-22 10:30 前响应", "工单 T1"],
        "https://hotgrid.test/officer#/tickets/T1",
      ],
    },
  });
  await expect.poll(() => world.deliveries()).toEqual(["1 sent 2xx"]);
});

test("news of one town that comes within the group wait is one message", async () => {
  await world.tell([ticketStep("T1", 1), ticketStep("T2", 1)]);
  world.clock.advanceTo(START + 20 * SECOND);
  await world.tell([ticketStep("T3", 1)]);
  world.clock.advanceTo(START + 30 * SECOND);
  await arrived(1);
  expect(bodies()[0].data.title).toBe("【热点网格】3 条：橙色 3");
});

test("a ticket that is closed within the group wait is never told, nor that it is closed", async () => {
  const closed = { action: "close", ticket: { state: "closed", closedAt: START } } as const;
  await world.tell([ticketStep("T1", 1), ticketStep("T1", 2, closed)]);
  world.clock.advanceTo(START + HOUR);
  await expect
    .poll(() => world.items())
    .toEqual(["opened dropped over-before-told", "closed dropped beginning-was-never-told"]);
  expect(endpoint.received).toEqual([]);
});

test("an unanswered ticket is told again, so often as the rules say, and not once it is answered", async () => {
  await world.tell([ticketStep("T1", 1, red)]);
  await arrived(1);
  world.clock.advanceTo(START + 10 * MINUTE);
  await arrived(2);
  expect(steps()).toEqual(["opened", "reminder"]);
  await world.tell([ticketStep("T1", 2, { action: "respond", ticket: { severity: "red", state: "responded" } })]);
  world.clock.advanceTo(START + 2 * HOUR);
  await expect.poll(() => world.items()).toContainEqual("reminder dropped answered");
  expect(endpoint.received).toHaveLength(2);
});

test("a step that the log delivers twice is told once", async () => {
  await world.tell([ticketStep("T1", 1, red)]);
  await arrived(1);
  await world.tell([ticketStep("T1", 1, red)], "/again");
  await world.tell([ticketStep("T2", 1, red)]);
  await arrived(2);
  expect(bodies().map(({ subject }) => subject)).toEqual(["T1", "T2"]);
});

test("stopped before the group wait is over: told after the restart, once", async () => {
  await world.tell([ticketStep("T1", 1)]);
  await world.stop();
  world.clock.advanceTo(START + HOUR);
  await world.start();
  await arrived(1);
  await world.stop();
  await world.start();
  await world.tell([ticketStep("T2", 1, red)]);
  await arrived(2);
  expect(bodies().map(({ subject }) => subject)).toEqual(["T1", "T2"]);
});

test("stopped while the receiver is down: the message goes out after the restart, with the same id", async () => {
  endpoint.answer = () => ({ status: 503 });
  await world.tell([ticketStep("T1", 1, red)]);
  await expect.poll(() => world.deliveries()).toEqual(["1 later HTTP 503"]);
  await world.stop();
  endpoint.answer = () => ({ status: 204 });
  world.clock.advanceTo(START + 5 * SECOND);
  await world.start();
  await expect.poll(() => world.deliveries()).toEqual(["1 later HTTP 503", "2 sent 2xx"]);
  expect(new Set(bodies().map(({ id }) => id)).size).toBe(1);
});

// A kill is a copy of the files at that moment: PostgreSQL has none that could be copied.
test.skipIf(inject("postgresUrl") !== undefined)(
  "killed between the receiver's answer and our note of it: the second copy has the id of the first",
  async () => {
    const letGo = await world.startUnheard();
    await world.tell([ticketStep("T1", 1, red)]);
    await arrived(1);
    const second = await world.asKilledNow();
    await arrived(2);
    expect(new Set(bodies().map(({ id }) => id)).size).toBe(1);
    await expect.poll(() => second.deliveries()).toEqual(["1 sent 2xx"]);
    await second.close();
    letGo();
  },
);

test("a storm becomes digests: what is above the limit is told together, nothing is lost", async () => {
  await world.close();
  world = await World.open({
    receivers: [hook({ limit: { messages: 5, perMinutes: 1 } })],
    rules: { groupBy: "ticket" },
  });
  await world.tell(Array.from({ length: 300 }, (_, n) => ticketStep(`T${n}`, 1, red)));
  for (let minute = 1; minute <= 8; minute++) {
    world.clock.advanceTo(START + minute * MINUTE);
    await world.settled();
  }
  const told = new Set(
    bodies().flatMap(({ data }) => data.news.map((news: { subject: { id: string } }) => news.subject.id)),
  );
  expect(told.size).toBe(300);
  expect(endpoint.received.length).toBeLessThan(40);
});

test("a regional notice mutes its local tickets; what is still open when it ends is told then", async () => {
  await world.episode("R1", 1);
  const yellow = { ticket: { severity: "yellow" } } as const;
  await world.tell([ticketStep("T1", 1, yellow), ticketStep("T2", 1, yellow)]);
  world.clock.advanceTo(START + HOUR);
  await arrived(1);
  await world.tell([ticketStep("T2", 2, { action: "close", ticket: { state: "closed", closedAt: START + HOUR } })]);
  await world.episode("R1", 2, { status: "resolved", endedAt: START + HOUR });
  await arrived(2);
  world.clock.advanceTo(START + HOUR + 30 * SECOND);
  await arrived(3);
  expect(steps()).toEqual(["notice", "opened", "notice-over"]);
  expect(bodies()[1].subject).toBe("T1");
});

test("a notice has revisions without end and is told once", async () => {
  for (const revision of [1, 2, 3]) await world.episode("R1", revision);
  world.clock.advanceTo(START + HOUR);
  await arrived(1);
  await world.tell([ticketStep("T1", 1, red)]);
  await arrived(2);
  expect(steps()).toEqual(["notice", "opened"]);
});

test("a person's silence holds news back until its end", async () => {
  const silence = { id: "S1", division: "330602", kind: null, station_id: null, author: "op", reason: "演练" };
  const times = { starts_at: START, ends_at: START + HOUR, created_at: START };
  await world.database
    .insertInto("silences")
    .values({ ...silence, ...times })
    .execute();
  await world.tell([ticketStep("T1", 1, red)]);
  await expect.poll(() => world.items()).toEqual(["opened waiting silenced S1"]);
  for (let minute = 1; minute <= 60; minute++) {
    world.clock.advanceTo(START + minute * MINUTE);
    await world.settled();
    expect(endpoint.received.length).toBe(minute < 60 ? 0 : 1);
  }
});

test("an SMS goes to the holder, and an escalation to who is above; without a phone nobody is called, and it says so", async () => {
  await world.close();
  const sms = { type: "sms", url: `${endpoint.url}/sms`, body: '{"to":"{{phone}}"}' };
  const headers = { "content-type": "application/json" };
  world = await World.open({ receivers: [{ ...hook(), ...sms, headers }] });
  await world.tell([ticketStep("T1", 1, red)]);
  await arrived(1);
  await world.tell([ticketStep("T1", 2, { action: "overdue-pressed", ticket: { severity: "red" } })]);
  await arrived(3);
  expect(
    bodies()
      .map(({ to }) => to)
      .sort(),
  ).toEqual(["13800000001", "13800000001", "13800000002"]);
  await world.tell([ticketStep("T9", 1, { ticket: { severity: "red", officerId: "N" } })]);
  await expect.poll(() => world.items()).toContainEqual("opened dropped nobody-to-call");
});

test("without a receiver nothing is sent, and the news is forgotten", async () => {
  await world.close();
  world = await World.open({ receivers: [] });
  await world.tell([ticketStep("T1", 1, red)]);
  expect(await world.items()).toEqual([]);
});

test("who has not been running for long pages nobody for yesterday", async () => {
  await world.stop();
  await world.start();
  world.clock.advanceTo(START + 13 * HOUR);
  await world.tell([ticketStep("T1", 1, red)]);
  expect(await world.items()).toEqual(["opened dropped stale"]);
});
