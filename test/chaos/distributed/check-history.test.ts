import type { Episode, EpisodeEvent, TicketEvent } from "@hotgrid/contracts";
import { testEpisode, testTicket } from "@hotgrid/tickets/testing";
import { describe, expect, test } from "vitest";
import { checkHistory, type History, isClean, type Verdict } from "./check-history.ts";
import type { Shown } from "./shown-messages.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-11-22T10:00:00+08:00");
const reading = (minute: number, pm25 = 35) => ({
  stationId: "S1",
  phenomenonTime: START + minute * 60_000,
  results: { pm25 },
});
const acknowledged = (minute: number, where: "store" | "dead-letters" = "store") => ({
  ...reading(minute),
  in: where,
});

function episode(id: string, revision: number, changes: Partial<Episode> = {}): string {
  const event: EpisodeEvent = { type: "updated", revision, at: START, episode: testEpisode(id, START, changes) };
  return JSON.stringify(event);
}

function step(id: string, revision: number, action: TicketEvent["entry"]["action"]): TicketEvent {
  const ticket = { ...testTicket(START), id, revision };
  const who = { by: "system", byName: "系统", from: null, to: "dispatched", note: "" } as const;
  return { ticket, entry: { revision, at: START, action, ...who } };
}

const textOf = (event: TicketEvent): string => JSON.stringify(event);
const shown = (texts: readonly string[]): readonly Shown[] => texts.map((text, i) => ({ seq: i + 1, text }));

/** A run in which nothing went wrong; the logs have shown what they have. */
const GOOD: Omit<History, "shown"> = {
  acknowledged: [acknowledged(0), acknowledged(1), acknowledged(99, "dead-letters")],
  stored: [reading(0), reading(1), reading(-5)],
  hours: [{ stationId: "S1", from: Math.floor(START / HOUR) * HOUR, count: 2 }],
  refused: [`S1@${START + 99 * 60_000}`],
  otherLetters: [],
  decided: [episode("E1", 1, { confirmedAt: null }), episode("E1", 2)],
  undisturbed: [episode("E1", 1, { confirmedAt: null }), episode("E1", 2)],
  tables: {
    episodes: [{ id: "E1", revision: 2 }],
    tickets: [{ id: "T1", revision: 2, openPlace: "local 1" }],
    ticketEpisodes: [{ episodeId: "E1", ticketId: "T1" }],
    lines: [],
    inhibited: [],
  },
  commanded: [],
  told: [step("T1", 1, "open"), step("T1", 2, "recovered")].map(textOf),
  received: [
    { messageId: "m1", news: ["T1#1"] },
    { messageId: "m2", news: ["T1#2"] },
  ],
  sentWith: [],
};
const NOTHING: Verdict = {
  missing: [],
  altered: [],
  doubled: [],
  rollupsWrong: [],
  otherLetters: [],
  detectorEqual: true,
  detectorDiffers: [],
  ticketsLost: [],
  ticketsDoubled: [],
  commandsLost: [],
  commandsDoubled: [],
  shownOtherwise: [],
  shownAgain: [],
  notificationsLost: [],
  notificationsDoubled: [],
  notificationsRepeated: [],
};

function check(changes: Partial<History> = {}): Verdict {
  const history = { ...GOOD, ...changes };
  return checkHistory({ shown: { episodes: shown(history.decided), tickets: shown(history.told) }, ...history });
}

test("a run in which nothing went wrong is clean, whatever the store has beside", () => {
  expect(check()).toEqual(NOTHING);
  expect(isClean(check())).toBe(true);
});

const tables = (changes: Partial<History["tables"]>) => ({ tables: { ...GOOD.tables, ...changes } });
const WRONG: readonly (readonly [what: string, changes: Partial<History>, found: Partial<Verdict>])[] = [
  ["a reading is not in the store", { stored: [reading(0), reading(-5)], hours: [] }, { missing: [key(1)] }],
  ["a refused one is not among the dead letters", { refused: [] }, { missing: [key(99)] }],
  ["a reading is in the store twice", { stored: [...GOOD.stored, reading(1)], hours: [] }, { doubled: [key(1)] }],
  ["a reading came with another value", { stored: [reading(0), reading(1, 36)] }, { altered: [key(1)] }],
  [
    "a roll-up has not seen a reading",
    { hours: [{ stationId: "S1", from: START, count: 1 }] },
    { rollupsWrong: ["S1@2026-11-22T02:00:00.000Z: 1 of 2"] },
  ],
  [
    "a message was given up",
    { otherLetters: ["max-deliveries episodes.3306"] },
    { otherLetters: ["max-deliveries episodes.3306"] },
  ],
  [
    "the detector decided what it should not",
    { undisturbed: [episode("E1", 2)] },
    {
      detectorEqual: false,
      detectorDiffers: ["decided otherwise: E1#1 updated at 2026-11-22T02:00:00.000Z"],
    },
  ],
  [
    "the detector did not decide what it should",
    { undisturbed: [...GOOD.undisturbed, episode("E2", 1)] },
    { detectorEqual: false, detectorDiffers: ["not decided: E2#1 updated at 2026-11-22T02:00:00.000Z"] },
  ],
  [
    "the detector decided in another order",
    { undisturbed: GOOD.undisturbed.toReversed() },
    { detectorEqual: false, detectorDiffers: ["in another order"] },
  ],
  ["an episode has no ticket", tables({ ticketEpisodes: [] }), { ticketsLost: ["episode E1 has no ticket"] }],
  [
    "the last word about an episode was not heard",
    tables({ episodes: [{ id: "E1", revision: 1 }] }),
    { ticketsLost: ["episode E1 stands at 1 instead of 2"] },
  ],
  [
    "a step of a ticket was not told",
    { told: [textOf(step("T1", 1, "open"))] },
    { ticketsLost: ["step T1#2 is not in the log"] },
  ],
  [
    "an episode has two tickets",
    tables({ ticketEpisodes: [...GOOD.tables.ticketEpisodes, { episodeId: "E1", ticketId: "T2" }] }),
    { ticketsDoubled: ["episode E1 has several tickets"] },
  ],
  [
    "a place has two open tickets",
    tables({ tickets: [...GOOD.tables.tickets, { id: "T2", revision: 0, openPlace: "local 1" }] }),
    { ticketsDoubled: ["two open tickets at local 1"] },
  ],
  [
    "a step of a ticket was told twice",
    { told: [...GOOD.told, textOf(step("T1", 2, "recovered"))] },
    { ticketsDoubled: ["step T1#2 is in the log twice"] },
  ],
  ["nobody heard of a ticket", { received: [{ messageId: "m2", news: ["T1#2"] }] }, { notificationsLost: ["T1#1"] }],
  [
    "news came under two ids",
    { received: [...GOOD.received, { messageId: "m3", news: ["T1#2"] }] },
    { notificationsDoubled: ["T1#2"] },
  ],
];

describe("the checker says so where", () => {
  for (const [what, changes, found] of WRONG) {
    test(what, () => {
      const verdict = check(changes);
      expect(verdict).toEqual({ ...NOTHING, ...found });
      expect(isClean(verdict)).toBe(false);
    });
  }
});

describe("people's commands", () => {
  const line = { ticketId: "T1", note: "c1" };
  const entry = { ...step("T1", 2, "comment").entry, note: "c1" };
  const said = { ...step("T1", 2, "comment"), entry };
  const found = (accepted: boolean, lines: number, events: number) => {
    const repeat = <T>(one: T, times: number) => Array.from({ length: times }, () => one);
    const told = [step("T1", 1, "open"), ...repeat(said, events)].map(textOf);
    const tables = { ...GOOD.tables, lines: repeat(line, lines) };
    const verdict = check({ tables, told, commanded: [{ ...line, accepted }] });
    return [verdict.commandsLost, verdict.commandsDoubled];
  };
  const named = ["T1 c1"];

  test.each([
    ["accepted and done once", true, 1, 1, [[], []]],
    ["accepted and not in the ticket's history", true, 0, 1, [named, []]],
    ["accepted and not told", true, 1, 0, [named, []]],
    ["accepted and done twice", true, 2, 1, [[], named]],
    ["accepted and told twice", true, 1, 2, [[], named]],
    ["refused and not done", false, 0, 0, [[], []]],
    ["refused and done", false, 1, 1, [[], named]],
  ] as const)("%s", (_rule, accepted, lines, events, right) => {
    expect(found(accepted, lines, events)).toEqual(right);
  });
});

test("an episode without a ticket is right where nobody is paged: provisional, regional, or covered by a notice", () => {
  const without = { ...GOOD.tables, tickets: [], ticketEpisodes: [] };
  const quiet = (text: string, inhibited: readonly string[] = []) =>
    check({
      decided: [text],
      undisturbed: [text],
      told: [],
      tables: { ...without, inhibited },
    }).ticketsLost;
  expect(quiet(episode("E1", 2, { confirmedAt: null }))).toEqual([]);
  expect(quiet(episode("E1", 2, { kind: "regional" }))).toEqual([]);
  expect(quiet(episode("E1", 2), ["E1"])).toEqual([]);
});

test("news that went with later news of its ticket was heard, if the message was", () => {
  const sentWith = [{ news: "T1#1", messageId: "m2" }];
  const received = [{ messageId: "m2", news: ["T1#2"] }];
  expect(check({ received, sentWith })).toEqual(NOTHING);
  const never = check({ received: [], sentWith });
  expect(never).toEqual({ ...NOTHING, notificationsLost: ["T1#1", "T1#2"] });
});

test("the same message again under its own id is told, and is no fault", () => {
  const verdict = check({ received: [...GOOD.received, { messageId: "m2", news: ["T1#2"] }] });
  expect(verdict).toEqual({ ...NOTHING, notificationsRepeated: ["m2"] });
  expect(isClean(verdict)).toBe(true);
});

describe("of one who reads a log along", () => {
  const [first = "", second = ""] = GOOD.decided;
  const [one, two] = [
    { seq: 1, text: first },
    { seq: 2, text: second },
  ];
  const read = (episodes: readonly Shown[]) => check({ shown: { episodes, tickets: shown(GOOD.told) } });

  test("a message that was taken back and written anew was shown at two positions, which is told and no fault", () => {
    const verdict = read([one, two, { seq: 4, text: second }]);
    expect(verdict).toEqual({ ...NOTHING, shownAgain: ["E1#2 updated at 2026-11-22T02:00:00.000Z"] });
    expect(isClean(verdict)).toBe(true);
  });

  test.each<[string, readonly Shown[], string]>([
    ["a message was not shown", [one], "1 were not shown"],
    ["what was shown is gone", [one, two, { seq: 3, text: episode("E2", 1) }], "1 were shown and are gone"],
    [
      "the order was another one",
      [
        { ...one, text: second },
        { ...two, text: first },
      ],
      "shown in another order",
    ],
  ])("%s", (_what, episodes, found) => {
    const verdict = read(episodes);
    expect(verdict).toEqual({ ...NOTHING, shownOtherwise: [`EPISODES: ${found}`] });
    expect(isClean(verdict)).toBe(false);
  });

  test("one position was shown twice", () => {
    expect(read([one, one, two]).shownOtherwise).toEqual(["EPISODES: position 1 was shown twice"]);
  });
});

function key(minute: number): string {
  return `S1@${START + minute * 60_000}`;
}
