import { encodeJson } from "@hotgrid/bus";
import {
  DemoClockView,
  type EpisodeEvent,
  EpisodeStreamEvent,
  ReadingSummary,
  type StationEvent,
  StationStreamEvent,
  type Ticket,
  type TicketEvent,
  TicketStreamEvent,
} from "@hotgrid/contracts";
import { AccountStore, SessionStore } from "@hotgrid/store";
import { testEpisode, testTicket } from "@hotgrid/tickets/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import { openingLine } from "../testing-records.ts";
import { type StreamEvent, TestStream } from "../testing-stream.ts";

const YUECHENG = "330602001017";
const KEQIAO = "330603001048";
const STATION = "HG-330602-001";

let city: TestConsole;
const streams: TestStream[] = [];
beforeEach(async () => {
  city = await startTestConsole({ limits: { streamsPerAccount: 3, heartbeatMs: 100 } });
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.leave();
  await city.close();
});

async function listen(username: string, lastEventId?: string): Promise<TestStream> {
  const stream = await TestStream.open(await city.loggedIn(username), lastEventId);
  streams.push(stream);
  return stream;
}

const append = (stream: "episodes" | "tickets" | "stations" | "readings", ...messages: unknown[]) =>
  city.bus.append(
    stream,
    messages.map((message) => ({ subject: `${stream}.3306`, data: encodeJson(message) })),
  );

const episode = (id: string, division = YUECHENG): EpisodeEvent => ({
  type: "raised",
  revision: 1,
  at: TEST_NOW,
  episode: testEpisode(id, TEST_NOW, { division }),
});
const ticket = (id: string, changes: Partial<Ticket> = {}): TicketEvent => {
  const whole = { ...testTicket(TEST_NOW), division: YUECHENG, officerId: `O-${YUECHENG}`, ...changes, id };
  return { ticket: whole, entry: openingLine(whole) };
};
const connection = (state: "online" | "offline"): StationEvent => ({
  kind: "connection",
  stationId: STATION,
  state,
  at: TEST_NOW,
  reason: "will",
});

const episodeIds = (events: readonly { data: unknown }[]) =>
  events.map(({ data }) => EpisodeStreamEvent.parse(data).episode.id);
const ticketIds = (events: readonly { data: unknown }[]) =>
  events.map(({ data }) => TicketStreamEvent.parse(data).ticket.id);
const of = (kind: string, events: readonly StreamEvent[]) => events.filter(({ event }) => event === kind);

describe("what happens is told as it happens", () => {
  test("an episode, a ticket with one's own actions, a station's connection and quality", async () => {
    const officer = await listen(`O-${YUECHENG}`);
    await append("episodes", episode("E-1"));
    expect(EpisodeStreamEvent.parse((await officer.next("episode"))?.data)).toMatchObject({
      type: "raised",
      episode: { id: "E-1", startedAt: "2026-11-22T08:00:00+08:00", divisionName: "东双桥社区" },
    });
    await append("tickets", ticket("T-1"));
    expect(TicketStreamEvent.parse((await officer.next("ticket"))?.data)).toMatchObject({
      ticket: { id: "T-1", officerName: "马勇", actions: ["respond", "return", "escalate", "comment"] },
      entry: { action: "open", at: "2026-11-22T08:00:00+08:00" },
    });
    await append("stations", connection("offline"));
    expect(StationStreamEvent.parse((await officer.next("station"))?.data)).toMatchObject({ state: "offline" });

    const event: StationEvent = {
      kind: "quality",
      stationId: STATION,
      observedProperty: "co",
      flag: 4,
      tests: ["flat-line"],
      at: TEST_NOW,
    };
    await append("stations", event);
    expect(StationStreamEvent.parse((await officer.next("station"))?.data)).toMatchObject({ kind: "quality", flag: 4 });
  });

  test("readings, the newest of each station", async () => {
    const viewer = await listen("viewer");
    const reading = (phenomenonTime: number, pm25: number) => ({
      ...{ stationId: STATION, phenomenonTime, resultTime: TEST_NOW },
      results: { pm25 },
    });
    const readings = [reading(TEST_NOW - 60_000, 30), reading(TEST_NOW, 40), reading(TEST_NOW - 120_000, 20)];
    await append(
      "readings",
      { kind: "readings", city: "3306", readings },
      { kind: "clock", city: "3306", at: TEST_NOW },
    );
    expect(ReadingSummary.parse((await viewer.next("reading-summary"))?.data)).toEqual({
      at: "2026-11-22T08:00:00+08:00",
      stations: [[STATION, TEST_NOW, { pm25: 40 }]],
    });
    const late = { kind: "readings", city: "3306", readings: [reading(TEST_NOW - 180_000, 99)] };
    const next = { kind: "readings", city: "3306", readings: [reading(TEST_NOW + 60_000, 50)] };
    await append("readings", late, next);
    expect(ReadingSummary.parse((await viewer.next("reading-summary"))?.data).stations).toEqual([
      [STATION, TEST_NOW + 60_000, { pm25: 50 }],
    ]);
  });

  test("the demo's clock at once, and when somebody sets it", async () => {
    const viewer = await listen("viewer");
    expect(DemoClockView.parse((await viewer.next("clock"))?.data).clock.speed).toBe(0);
    const operator = await city.loggedIn("operator");
    await operator.fetch("PUT", "/demo/clock", { body: { speed: 10 } });
    expect(DemoClockView.parse((await viewer.next("clock"))?.data).clock.speed).toBe(10);
  });

  test("a message that is none is passed over", async () => {
    const viewer = await listen("viewer");
    await append("episodes", { nonsense: true }, episode("E-2"));
    expect(episodeIds(await viewer.take(1, "episode"))).toEqual(["E-2"]);
  });
});

describe("nobody is told what he or she may not see", () => {
  test("a county's supervisor hears of the county only, whatever happens elsewhere", async () => {
    const supervisor = await listen("supervisor-330603");
    const reading = { stationId: STATION, phenomenonTime: TEST_NOW, resultTime: TEST_NOW, results: { pm25: 30 } };
    await append("readings", { kind: "readings", city: "3306", readings: [reading] });
    await append("stations", connection("offline"));
    await append("tickets", ticket("T-1"), ticket("T-2", { division: KEQIAO, officerId: `O-${KEQIAO}` }));
    await append("episodes", episode("E-1"), episode("E-city", "330600"), episode("E-2", KEQIAO));
    const events = await supervisor.take(2, "episode", "ticket", "station", "reading-summary");
    expect(events.map(({ event }) => event).toSorted()).toEqual(["episode", "ticket"]);
    expect(JSON.stringify(events)).not.toContain("T-1");
    expect(JSON.stringify(events)).not.toMatch(/E-1|E-city/);
  });

  test("an officer hears of a ticket elsewhere from the moment of getting it to that of its going on", async () => {
    const officer = await listen(`O-${KEQIAO}`);
    const own = { officerId: `O-${KEQIAO}` };
    const onward = ticket("T-1", { officerId: "O-330602001016", revision: 3 });
    const transferred = { ...onward.entry, action: "transfer", details: { previousOfficerId: `O-${KEQIAO}` } } as const;
    await append("tickets", ticket("T-1"), ticket("T-1", { ...own, revision: 2 }));
    await append("tickets", { ...onward, entry: transferred }, ticket("T-1", { ...onward.ticket, revision: 4 }));
    await append("tickets", ticket("T-2", { ...own, division: KEQIAO }));
    const tickets = (await officer.take(3, "ticket")).map(({ data }) => TicketStreamEvent.parse(data).ticket);
    expect(tickets.map(({ id, revision }) => `${id}#${revision}`)).toEqual(["T-1#2", "T-1#3", "T-2#1"]);
    expect(tickets[1]?.actions).toEqual([]);
  });

  test("without a session there is no stream", async () => {
    expect((await city.browser().refusal("GET", "/stream")).status).toBe(401);
  });
});

describe("who comes back goes on where he or she was", () => {
  test("without gap or double, also for what happened in several logs", async () => {
    const before = await listen("viewer");
    await append("episodes", episode("E-1"));
    await append("tickets", ticket("T-1"));
    const [, last] = await before.take(2, "episode", "ticket");
    before.leave();

    for (let n = 2; n <= 600; n++) await append("episodes", episode(`E-${n}`));
    await append("tickets", ticket("T-2"));
    const after = await listen("viewer", last?.id);
    // Each log is caught up with by itself: where the ticket comes among the episodes is nobody's promise.
    const missed = await after.take(600, "episode", "ticket");
    expect(episodeIds(of("episode", missed))).toEqual(Array.from({ length: 599 }, (_, n) => `E-${n + 2}`));
    expect(ticketIds(of("ticket", missed))).toEqual(["T-2"]);
    await append("episodes", episode("E-601"));
    await append("tickets", ticket("T-3"));
    const tail = await after.take(2, "episode", "ticket");
    expect(episodeIds(of("episode", tail))).toEqual(["E-601"]);
    expect(ticketIds(of("ticket", tail))).toEqual(["T-3"]);
  });

  test("while things go on happening", async () => {
    const before = await listen("viewer");
    await append("episodes", episode("E-0"));
    const first = await before.next("episode");
    before.leave();
    await append("episodes", ...Array.from({ length: 1000 }, (_, n) => episode(`E-${n + 1}`)));
    let appended = 1000;
    const writing = (async () => {
      for (; appended < 1200; appended++) await append("episodes", episode(`E-${appended + 1}`));
    })();
    const after = await listen("viewer", first?.id);
    const ids = episodeIds(await after.take(1200, "episode"));
    await writing;
    expect(ids).toEqual(Array.from({ length: 1200 }, (_, n) => `E-${n + 1}`));
  });

  test("and sees every station's latest reading at once", async () => {
    const before = await listen("viewer");
    const id = (await before.next("clock"))?.id;
    await city.readings.append([
      { stationId: STATION, phenomenonTime: TEST_NOW, resultTime: TEST_NOW, results: { pm25: 30 } },
    ]);
    const after = await listen("viewer", id);
    expect((await after.next("reading-summary"))?.data).toMatchObject({
      stations: [[STATION, TEST_NOW, { pm25: 30 }]],
    });
  });

  test("but what one may not see stays hidden in what was missed", async () => {
    const before = await listen("supervisor-330603");
    const id = (await before.next("clock"))?.id;
    before.leave();
    await append("episodes", episode("E-1"), episode("E-2", KEQIAO));
    const after = await listen("supervisor-330603", id);
    expect(episodeIds(await after.take(1, "episode"))).toEqual(["E-2"]);
  });

  test.each([
    ["a position of another database", "e999-t0-s0", "unknown-position"],
    ["what is no position", "yesterday", "unknown-position"],
  ])("%s is told to load the lists again, and hears what comes", async (_what, id, reason) => {
    const viewer = await listen("viewer", id);
    const reset = await viewer.next("reset");
    expect(reset?.data).toEqual({ reason });
    await append("episodes", episode("E-1"));
    expect(episodeIds(await viewer.take(1, "episode"))).toEqual(["E-1"]);
    const after = await listen("viewer", reset?.id);
    expect(episodeIds(await after.take(1, "episode"))).toEqual(["E-1"]);
  });

  test("who missed more than the lists hold is told to load them", async () => {
    const viewer = await listen("viewer");
    const id = (await viewer.next("clock"))?.id;
    await append("stations", ...Array.from({ length: 5001 }, () => connection("online")));
    await append("episodes", episode("E-1"));
    await viewer.take(5002, "station", "episode");
    const after = await listen("viewer", id);
    expect((await after.next("reset", "station", "episode"))?.data).toEqual({ reason: "too-old" });
  });
});

describe("a stream ends", () => {
  test("with the logout", async () => {
    const browser = await city.loggedIn("viewer");
    const stream = await TestStream.open(browser);
    await browser.fetch("DELETE", "/session");
    expect(await stream.next("episode")).toBeNull();
  });

  test.each<[string, () => unknown]>([
    ["when it expires", () => city.wall.advanceTo(TEST_NOW + 8 * 86_400_000)],
    ["when the account is disabled", () => new AccountStore(city.database, city.wall).disable("viewer")],
    ["when it is revoked elsewhere", () => new SessionStore(city.database, city.wall).revokeAll("viewer")],
  ])("with the session, %s", async (_when, end) => {
    const stream = await listen("viewer");
    await stream.next("clock");
    await end();
    expect(await stream.next("episode")).toBeNull();
  });

  test("with the console, which does not wait for its browsers", async () => {
    const stream = await TestStream.open(await city.loggedIn("viewer"));
    await stream.next("clock");
    const ended = stream.next("episode");
    await city.close();
    expect(await ended).toBeNull();
    city = await startTestConsole();
  });
});

test("an account has only so many streams, and may open another when one is gone", async () => {
  const operator = await city.loggedIn("operator");
  const open = [await listen("operator"), await listen("operator"), await listen("operator")];
  expect(await operator.refusal("GET", "/stream")).toMatchObject({
    status: 429,
    type: "urn:hotgrid:problem:too-many-streams",
  });
  open[0]?.leave();
  await expect.poll(async () => (await operator.get("/stream").then((r) => [r.status, r.body?.cancel()]))[0]).toBe(200);
});
