import { expect, test } from "vitest";
import { exampleEpisode, exampleStation, exampleTicket } from "../../example-views.ts";
import { FEED_LIMIT } from "./feed-item.ts";
import { fromLists, type LiveEvent, type LiveState, SETTLED_LIMIT, withEvents } from "./live-state.ts";

const at = Date.parse("2026-11-22T08:01:00+08:00");
const summary = (...stations: [string, number, Record<string, number>][]): LiveEvent => ({
  event: "reading-summary",
  data: { at: "2026-11-22T08:01:00+08:00", stations },
});
const episode = (
  type: "raised" | "updated" | "resolved",
  change: Parameters<typeof exampleEpisode>[0] = {},
): LiveEvent => ({
  event: "episode",
  data: { type, episode: exampleEpisode(change) },
});
type Action = Extract<LiveEvent, { event: "ticket" }>["data"]["entry"]["action"];
const ticket = (revision: number, action: Action, change: Parameters<typeof exampleTicket>[0] = {}): LiveEvent => ({
  event: "ticket",
  data: {
    ticket: exampleTicket({ revision, ...change }),
    entry: {
      revision,
      at: "2026-11-22T08:10:00+08:00",
      action,
      by: "system",
      byName: "",
      from: null,
      to: "dispatched",
      note: "",
    },
  },
});
const city = (): LiveState => fromLists({ stations: [exampleStation()], episodes: [], tickets: [] });
const lines = ({ feed }: LiveState) => feed.map(({ what }) => what);
const station = (state: LiveState) => state.stations.get("HG-330602-001");

test("a summary brings the stations' latest readings, and touches nothing else", () => {
  const before = city();
  const after = withEvents(before, [summary(["HG-330602-001", at, { pm25: 80 }])]);
  expect(station(after)?.latest).toEqual({ phenomenonTime: new Date(at).toISOString(), results: { pm25: 80 } });
  expect(after.episodes).toBe(before.episodes);
  expect(after.tickets).toBe(before.tickets);
  expect(after.feed).toBe(before.feed);
});

test("an older reading than the one shown changes nothing", () => {
  const after = withEvents(city(), [summary(["HG-330602-001", at - 3_600_000, { pm25: 1 }])]);
  expect(station(after)?.latest?.results.pm25).toBe(34);
});

test("a station that this account does not see is passed over", () => {
  expect(withEvents(city(), [summary(["HG-999", at, { pm25: 1 }])]).stations.size).toBe(1);
});

test("a station goes offline, and a flag is set, at the station alone", () => {
  const time = "2026-11-22T08:01:00+08:00";
  const after = withEvents(city(), [
    {
      event: "station",
      data: { kind: "connection", stationId: "HG-330602-001", state: "offline", at: time, reason: "" },
    },
    {
      event: "station",
      data: { kind: "quality", stationId: "HG-330602-001", observedProperty: "pm10", flag: 4, tests: [], at: time },
    },
  ]);
  expect(station(after)).toMatchObject({ online: false, flags: { pm25: 1, pm10: 4 } });
});

test("an episode is one line however often it is updated, and one more when it ends", () => {
  const raised = withEvents(city(), [
    episode("raised"),
    episode("updated", { peak: 150 }),
    episode("updated", { peak: 180 }),
  ]);
  expect(lines(raised)).toEqual(["raised"]);
  expect(raised.feed[0]).toMatchObject({ episode: { peak: 180 } });
  const ended = { status: "resolved" as const, endedAt: "2026-11-22T09:00:00+08:00" };
  expect(lines(withEvents(raised, [episode("resolved", ended)]))).toEqual(["resolved", "raised"]);
});

test("the same event again, as after a reconnection, changes nothing that is seen", () => {
  const once = withEvents(city(), [episode("raised"), ticket(1, "open")]);
  expect(withEvents(once, [episode("raised"), ticket(1, "open")])).toEqual(once);
});

test("every step of a ticket is a line, but for the episode's own news", () => {
  const after = withEvents(city(), [
    ticket(1, "open"),
    ticket(2, "episode-updated"),
    ticket(3, "respond", { state: "responded" }),
  ]);
  expect(after.feed.map((item) => item.what === "ticket" && item.entry?.action)).toEqual(["respond", "open"]);
  expect(after.tickets.get("261122-0001")?.state).toBe("responded");
});

test("the episode's own news renews the lines of its ticket", () => {
  const after = withEvents(city(), [ticket(1, "open"), ticket(2, "episode-updated", { division: "330603002001" })]);
  expect(after.feed.map((item) => item.what === "ticket" && item.ticket.division)).toEqual(["330603002001"]);
});

test("a ticket does not go back to an older revision", () => {
  const after = withEvents(city(), [ticket(3, "respond", { state: "responded" }), ticket(2, "comment")]);
  expect(after.tickets.get("261122-0001")?.revision).toBe(3);
});

test("the stream is bounded, the newest stay", () => {
  const many = Array.from({ length: FEED_LIMIT + 50 }, (_, n) => episode("raised", { id: `e${n}` }));
  const { feed } = withEvents(city(), many);
  expect(feed).toHaveLength(FEED_LIMIT);
  expect(feed[0]).toMatchObject({ episode: { id: `e${FEED_LIMIT + 49}` } });
});

test("what is settled is bounded, what is open never", () => {
  const resolved = Array.from({ length: SETTLED_LIMIT + 20 }, (_, n) =>
    episode("resolved", { id: `r${n}`, status: "resolved" }),
  );
  const firing = Array.from({ length: 300 }, (_, n) => episode("raised", { id: `f${n}` }));
  const { episodes } = withEvents(city(), [...resolved, ...firing]);
  expect(episodes.size).toBe(SETTLED_LIMIT + 300);
  expect(episodes.has("r0")).toBe(false);
  expect(episodes.has(`r${SETTLED_LIMIT + 19}`)).toBe(true);
});

test("the lists make the stream that would have come, latest first", () => {
  const { feed } = fromLists({
    stations: [],
    episodes: [exampleEpisode({ status: "resolved", endedAt: "2026-11-22T09:00:00+08:00" })],
    tickets: [exampleTicket()],
  });
  expect(feed.map(({ what }) => what)).toEqual(["resolved", "ticket", "raised"]);
});
