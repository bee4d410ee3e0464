import type { Ticket } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { isOverdue } from "./clocks.ts";
import { describeTicket } from "./describe-ticket.ts";
import { placeOf } from "./device-kinds.ts";
import { runDue } from "./run-due.ts";
import { absorb, noteRecovered, recur, updateFromEpisode } from "./system-steps.ts";
import { testEpisode, testPolicy, testTicket } from "./testing.ts";
import { TicketPolicy } from "./ticket-policy.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const policy = testPolicy();
const texts = { title: { zh: "新", en: "new" }, explanation: { zh: "新", en: "new" } };

test("a higher severity tightens the officer's clocks from now, and never loosens them", () => {
  const red = testEpisode("E1", 0, { severity: "red" });
  const change = updateFromEpisode(testTicket(0), red, texts, false, policy, 5 * MINUTE);
  expect(change?.ticket.obligations.map((c) => c.dueAt)).toEqual([25 * MINUTE, 2 * HOUR + 5 * MINUTE, 24 * HOUR]);
  expect(change?.entry).toMatchObject({ action: "episode-updated", note: "severity-rose" });
  const late = updateFromEpisode(testTicket(0), red, texts, false, policy, 20 * MINUTE);
  expect(late?.ticket.obligations[0]?.dueAt).toBe(30 * MINUTE);
});

test("a lower severity and mere numbers make no revision", () => {
  expect(
    updateFromEpisode(testTicket(0), testEpisode("E1", 0, { severity: "yellow", peak: 500 }), texts, false, policy, 1),
  ).toBeNull();
});

test("another station is told, with the newest explanation", () => {
  const grown = testEpisode("E1", 0, { stationIds: ["S2", "S1"] });
  const change = updateFromEpisode(testTicket(0), grown, texts, false, policy, 1);
  expect(change?.ticket).toMatchObject({ stationIds: ["S1", "S2"], title: texts.title });
  expect(change?.entry.note).toBe("more-stations");
});

test("a sharper place of the source is told once, with its words; without an estimate nothing is", () => {
  const source = { lon: 120.61, lat: 30.02, radius50Metres: 400, radius90Metres: 900, divisions: [] };
  const revised = testEpisode("E1", 0, { source, lon: source.lon, lat: source.lat });
  const change = updateFromEpisode(testTicket(0), revised, texts, false, policy, 1);
  expect(change?.entry.note).toBe("place-revised");
  expect(change?.ticket).toMatchObject({ lon: 120.61, lat: 30.02, explanation: texts.explanation });
  if (!change) throw new Error("no change");
  expect(updateFromEpisode(change.ticket, revised, texts, false, policy, 2)).toBeNull();
  expect(updateFromEpisode(testTicket(0), { ...revised, source: null }, texts, false, policy, 1)).toBeNull();
});

test("an episode that joins keeps the ticket's own words", () => {
  const change = updateFromEpisode(testTicket(0), testEpisode("E2", 0), texts, true, policy, 1);
  expect(change?.entry).toMatchObject({ note: "episode-joined", details: { episodeId: "E2" } });
  expect(change?.ticket.title).toEqual({ zh: "", en: "" });
});

test("the weather gets no credit for work, and work none for the weather", () => {
  const ticket = testTicket(0);
  const handled = {
    ...ticket,
    obligations: ticket.obligations.map((c) =>
      c.kind === "handle" ? ({ ...c, state: "met", settledAt: HOUR } as const) : c,
    ),
  };
  const verdict = (cleanSince: number) =>
    noteRecovered(handled, { cleanSince, reason: "quiet" }, policy, 3 * HOUR)?.ticket.recovery;
  expect(verdict(HOUR - 1)).toBe("recovered-before-handling");
  expect(verdict(HOUR + 1)).toBe("handled-and-recovered");
});

test("a recurrence goes on in the closed ticket, anew: state, clocks, officer, escalation", () => {
  const closed: Ticket = {
    ...testTicket(0),
    state: "closed",
    closedAt: HOUR,
    obligations: [],
    escalationLevel: 2,
    supervised: true,
  };
  const target = { officerId: "B", division: "330602001001", reason: "assignment-village" };
  const { ticket, entry } = recur(closed, testEpisode("E2", 2 * HOUR), texts, target, policy, 2 * HOUR);
  expect(ticket).toMatchObject({ id: closed.id, state: "dispatched", episodeId: "E2", officerId: "B", closedAt: null });
  expect(ticket).toMatchObject({ escalationLevel: 0, supervised: false, recoveredAt: null });
  expect(entry).toMatchObject({ action: "reopen", note: "recurrence", details: { previousEpisodeId: "E1" } });
});

test("a ticket takes over what a merged one had", () => {
  const other = testTicket(0, { severity: "red", stationIds: ["S9"] });
  const actor = { id: "x", name: "x" };
  const { ticket, entry } = absorb(testTicket(0), { ...other, id: "other" }, actor, policy, MINUTE);
  expect(ticket).toMatchObject({ severity: "red", stationIds: ["S1", "S9"] });
  expect(entry).toMatchObject({ action: "merge", details: { from: "other" } });
});

test("a ticket is overdue from the breach until the step is done", () => {
  const ticket = testTicket(0);
  expect(isOverdue(ticket)).toBe(false);
  expect(isOverdue(runDue(ticket, 0, null, policy, HOUR)?.ticket ?? ticket)).toBe(true);
});

test("limits of a kind go before the general ones", () => {
  const own = { red: { respondMinutes: 1, handleHours: 1, feedbackHours: 1 } };
  const limits = { ...policy.limits, ...own };
  const kinds = { ...policy.kinds, local: { opens: "ticket", limits } };
  const strict = TicketPolicy.parse({ ...policy, kinds });
  expect(testTicket(0, { severity: "red" }, strict).obligations.map((c) => c.dueAt)).toEqual([MINUTE, HOUR, HOUR]);
});

test("two devices of one village are two places, two sources in it are one", () => {
  const at = (kind: "local" | "offline", station: string) =>
    placeOf(testEpisode("E", 0, { kind, stationIds: [station] }));
  expect(at("offline", "S1")).not.toBe(at("offline", "S2"));
  expect(at("local", "S1")).toBe(at("local", "S2"));
  expect(at("local", "S1")).not.toBe(at("offline", "S1"));
});

test("a title names place, properties and what it is, in both languages", () => {
  const { title } = describeTicket(testEpisode("E", 0, { observedProperties: ["pm25", "pm10"] }), "华舍街道蜀阜村");
  expect(title).toEqual({
    zh: "华舍街道蜀阜村 PM2.5、PM10 局地热点",
    en: "PM2.5, PM10 local hotspot at 华舍街道蜀阜村",
  });
});
