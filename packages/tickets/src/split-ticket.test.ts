import { TICKET_STATES, type Ticket } from "@hotgrid/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Command, decide } from "./decide.ts";
import { runDue } from "./run-due.ts";
import { openPart, type Part } from "./split-ticket.ts";
import { absorb, updateFromEpisode } from "./system-steps.ts";
import { testAccount, testEpisode, testPolicy, testTicket } from "./testing.ts";
import { TRANSITIONS } from "./transitions.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const policy = { ...testPolicy(), remindAtShares: [0.5] };
const actor = { id: "op", name: "值班员" };
const operator = testAccount("operator");
const officer = testAccount("officer", "330602001001", "A");

const partOf = (stationIds: string[]): Part => ({
  ...{ id: "261122-0002", title: { zh: "二村", en: "" }, episodeId: "E1", stationIds, cellIds: ["c2"] },
  ...{ observedProperties: ["pm25"], division: "330602001002", lon: 120, lat: 30 },
  target: { officerId: "B", division: "330602001002", reason: "assignment-village" },
  rest: { cellIds: ["c1"], episodeId: "E1" },
});
const split = (stationIds: string[], more: Partial<Extract<Command, { action: "split" }>> = {}): Command => ({
  ...{ action: "split", body: { note: "两处火点", stationIds }, part: partOf(stationIds) },
  ...more,
});
const three = (now = 0) => testTicket(now, { stationIds: ["S1", "S2", "S3"], cellIds: ["c1", "c2"] }, policy);

function act(ticket: Ticket, command: Command, account = operator, now = 0): Ticket {
  const result = decide(ticket, command, account, policy, now);
  if ("refused" in result) throw new Error(result.refused);
  return result.ticket;
}
const refusal = (ticket: Ticket, command: Command, account = operator) => {
  const result = decide(ticket, command, account, policy, 0);
  return "refused" in result ? `${result.outcome}/${result.refused}` : "done";
};
const running = ({ obligations }: Ticket) => obligations.filter(({ state }) => state === "running");

test("a split shares the stations out, and says on both tickets what became of them", () => {
  const rest = act(three(), split(["S2", "S3"]));
  const { ticket: part, entry } = openPart(rest, partOf(["S2", "S3"]), actor, "两处火点", policy, 0);
  expect(rest).toMatchObject({ stationIds: ["S1"], splitOff: ["S2", "S3"], cellIds: ["c1"], revision: 2 });
  expect(part).toMatchObject({ stationIds: ["S2", "S3"], splitFrom: rest.id, officerId: "B", state: "dispatched" });
  expect(entry).toMatchObject({
    action: "split",
    by: "op",
    from: null,
    details: { from: rest.id, stationIds: "S2 S3" },
  });
});

test.each<[string, string[], Partial<Extract<Command, { action: "split" }>>, string]>([
  ["all stations", ["S1", "S2", "S3"], {}, "invalid/bad-stations"],
  ["a station that is not the ticket's", ["S1", "S9"], {}, "invalid/bad-stations"],
  ["the same station three times", ["S1", "S1", "S1"], {}, "done"],
  ["to where nobody is on duty", ["S1"], { part: null }, "conflict/nobody-on-duty"],
  ["to where a ticket is open", ["S1"], { twin: "261122-0009" }, "conflict/another-open-ticket"],
])("%s: %s", (_rule, stationIds, more, expected) => {
  expect(refusal(three(), split(stationIds, more))).toBe(expected);
});

test.each<[string, Parameters<typeof testAccount>, string]>([
  ["the holder", ["officer", "330602001001", "A"], "forbidden/not-permitted"],
  ["a supervisor above", ["supervisor", "330602"], "done"],
  ["a supervisor of another county", ["supervisor", "330603"], "forbidden/not-permitted"],
  ["an inspector", ["inspector", "330602"], "forbidden/not-permitted"],
])("%s: %s", (_who, [role, division, officerId], expected) => {
  expect(refusal(three(), split(["S1"]), testAccount(role, division, officerId))).toBe(expected);
});

test("what the other ticket has does not come back with an episode that spans both; what is new does", () => {
  const rest = act(three(), split(["S2"]));
  const texts = { title: { zh: "新", en: "" }, explanation: { zh: "", en: "" } };
  const grown = updateFromEpisode(
    rest,
    testEpisode("E1", 0, { stationIds: ["S1", "S2", "S4"] }),
    texts,
    false,
    policy,
    1,
  );
  expect(grown?.ticket.stationIds).toEqual(["S1", "S3", "S4"]);
  expect(grown?.ticket.title).toEqual(rest.title);
});

test("merged back, it is as if it had not been split", () => {
  const rest = act(three(), split(["S2"]));
  const { ticket: part } = openPart(rest, partOf(["S2"]), actor, "", policy, 0);
  const whole = absorb(rest, part, actor, policy, 1).ticket;
  expect(whole.stationIds.toSorted()).toEqual(["S1", "S2", "S3"]);
  expect(whole.splitOff).toEqual([]);
});

/** The officer's way through the loop, and how long each step takes. */
const way = fc.tuple(
  fc.integer({ min: 0, max: 3 }),
  fc.array(fc.integer({ min: 0, max: 20 * HOUR }), { minLength: 4, maxLength: 4 }),
);
const STEPS: readonly Command[] = [
  { action: "respond", body: {} },
  { action: "handle", body: {} },
  { action: "feedback", body: { note: "done", cause: "burning" } },
];

test("whenever it is split: every station is in one of the two, both have their clocks, and nobody won time for the work", () => {
  fc.assert(
    fc.property(way, fc.subarray(["S1", "S2", "S3"], { minLength: 1, maxLength: 2 }), ([steps, pauses], taken) => {
      let [ticket, now] = [three(), 0];
      for (const command of STEPS.slice(0, steps)) {
        now += pauses[steps] ?? 0;
        for (const due of running(ticket).filter(({ dueAt }) => dueAt <= now)) {
          const change = runDue(ticket, ticket.obligations.indexOf(due), null, policy, now);
          ticket = change?.ticket ?? ticket;
        }
        const result = decide(ticket, command, officer, policy, now);
        if (!("refused" in result)) ticket = result.ticket;
      }
      const rest = act(ticket, split(taken), operator, now);
      const { ticket: part } = openPart(rest, partOf(taken), actor, "", policy, now);
      expect([...rest.stationIds, ...part.stationIds].toSorted()).toEqual(["S1", "S2", "S3"]);
      expect(rest.obligations).toEqual(ticket.obligations);
      expect(running(part).map(({ kind }) => kind)).toEqual(["respond", "handle", "feedback"]);
      for (const { kind, dueAt } of running(part)) {
        const left = running(rest).find((clock) => clock.kind === kind)?.dueAt;
        if (kind !== "respond" && left !== undefined) expect(dueAt).toBeLessThanOrEqual(left);
      }
    }),
    { numRuns: 300 },
  );
});

test("it can be split in each state in which there is work to divide, and in no other", () => {
  const states = TICKET_STATES.filter((state) => TRANSITIONS[state].split !== undefined);
  expect(states).toEqual(["dispatched", "responded", "handling", "feedback"]);
});
