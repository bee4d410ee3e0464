import { type Episode, RoutingTree } from "@hotgrid/contracts";
import { PLACES, SECOND } from "../../harness/ticket-city.ts";
import { act, clean, raise, type Scenario } from "./scenario.ts";

const red = { severity: "red" } as const;
const yellow = { severity: "yellow" } as const;
const second: Partial<Episode> = { division: SECOND, stationIds: ["S2"], ...PLACES.S2 };
const region: Partial<Episode> = { kind: "regional", division: "330602", stationIds: ["S1", "S2"] };
/** Everything to the town's officer, so that two villages have one address. */
const TO_TOWN = RoutingTree.parse({ version: "town", routes: [], otherwise: { level: "town" } });
const quiet = { repeat: { minutes: { red: 600, orange: 600, yellow: 600 }, atMost: 0 } };
/** What the clocks of the ticket do is another table's matter. */
const slow = {
  limits: Object.fromEntries(
    ["red", "orange", "yellow"].map((s) => [s, { respondMinutes: 6000, handleHours: 200, feedbackHours: 300 }]),
  ),
};

/** Who is told what and when: notification.json's rules. */
export const NOTIFICATION_RULES: readonly Scenario[] = [
  {
    rule: "group wait: red is told at once, orange after 30 s, yellow after 2 min",
    policy: slow,
    notification: quiet,
    script: [
      ["10:00", raise("E1", red)],
      ["11:00", raise("E2", second)],
      ["12:00", raise("E3", { ...yellow, kind: "interference", stationIds: ["S9"] })],
    ],
    until: "13:00",
    told: ["10:00 village: opened T1", "11:00:30 neighbour: opened T2", "12:02 county: opened T3"],
  },
  {
    rule: "group wait: what is over before it was told is never sent, nor that it is over",
    policy: slow,
    script: [
      ["10:00", raise()],
      ["10:00:20", act("supervisor", "false-alarm", { note: "已报备的演练", reason: "known-activity" })],
    ],
    until: "12:00",
    told: [],
  },
  {
    rule: "grouping: news of one town within the wait is one message to the same person",
    policy: slow,
    notification: quiet,
    routing: TO_TOWN,
    script: [
      ["10:00", raise("E1")],
      ["10:00:20", raise("E2", second)],
    ],
    until: "11:00",
    told: ["10:00:30 town: opened T1 + opened T2"],
  },
  {
    rule: "repeat interval: a red ticket that nobody answers is told again every 10 min, twice at most",
    policy: slow,
    script: [["10:00", raise("E1", red)]],
    until: "12:00",
    told: ["10:00 village: opened T1", "10:10 village: reminder T1", "10:20 village: reminder T1"],
  },
  {
    rule: "repeat interval: not once it is answered",
    policy: slow,
    script: [
      ["10:00", raise("E1", red)],
      ["10:12", act("village", "respond")],
    ],
    until: "12:00",
    told: ["10:00 village: opened T1", "10:10 village: reminder T1"],
  },
  {
    rule: "quiet hours: yellow waits for 07:00, orange does not",
    policy: slow,
    notification: quiet,
    script: [
      ["23:30", raise("E1", yellow)],
      ["23:31", raise("E2", second)],
    ],
    until: "+1d 08:00",
    told: ["23:31:30 neighbour: opened T1", "+1d 07:00 village: opened T2"],
  },
  {
    rule: "quiet hours: nobody's time runs out over what he is told of in the morning only",
    policy: { quietHours: [{ from: "22:00", to: "07:00", severities: ["yellow"] }] },
    notification: quiet,
    script: [["23:30", raise("E1", yellow)]],
    until: "+1d 08:05",
    told: ["+1d 07:00 village: opened T1", "+1d 08:02 town: escalated T1", "+1d 08:02 county: escalated T1"],
  },
  {
    rule: "quiet hours: what a supervisor presses is told all the same",
    policy: slow,
    notification: quiet,
    script: [
      ["23:30", raise("E1", yellow)],
      ["23:40", act("supervisor", "supervise", { note: "立即处置" })],
    ],
    until: "+1d 06:00",
    told: ["23:40 town: supervised T1", "23:40 village: supervised T1"],
  },
  {
    rule: "silence: held back until its end; what has ended meanwhile is never told",
    policy: slow,
    notification: quiet,
    script: [
      ["10:00", { kind: "silence", until: "11:00" }],
      ["10:05", raise("E1", red)],
      ["10:10", raise("E2", { ...second, ...red })],
      ["10:30", act("supervisor", "false-alarm", { note: "演练", reason: "known-activity" }, "T2")],
    ],
    until: "12:00",
    told: ["11:00 village: opened T1"],
  },
  {
    rule: "inhibition: a region's notice mutes its yellow local tickets; what is left when it ends is told then",
    policy: slow,
    notification: quiet,
    script: [
      ["10:00", raise("R", region)],
      ["10:10", raise("E1", yellow)],
      ["10:20", raise("E2", { ...second, ...red })],
      ["11:00", clean("11:00", "R", region)],
    ],
    until: "12:00",
    told: [
      "10:00:30 chat: notice R",
      "10:20 neighbour: opened T1",
      "11:00 village: opened T2",
      "11:00:30 chat: notice-over R",
    ],
  },
  {
    rule: "inhibition: a station that is offline mutes what only it says",
    policy: slow,
    notification: quiet,
    script: [
      ["10:00", raise("O", { kind: "offline" })],
      ["10:10", raise("E1", { ...red, stationIds: ["S1"] })],
      ["10:20", raise("E2", { ...second, ...red })],
    ],
    until: "12:00",
    told: ["10:00:30 county: opened T1", "10:20 neighbour: opened T2"],
  },
  {
    rule: "rate limit: what is above the limit of a minute comes as one digest with the next",
    policy: slow,
    notification: { ...quiet, groupBy: "ticket" },
    routing: TO_TOWN,
    limit: 1,
    script: [
      ["10:00", raise("E1", red)],
      ["10:00:10", raise("E2", { ...red, ...second })],
      ["10:00:20", raise("E3", { ...red, kind: "interference", stationIds: ["S9"] })],
    ],
    until: "11:00",
    told: ["10:00 town: opened T1", "10:01 town: opened T2 + opened T3"],
  },
  {
    rule: "page budget: what is above an officer's pages of the hour goes upward, in one digest",
    policy: slow,
    notification: { ...quiet, groupBy: "ticket", pageBudget: { pages: 1, perMinutes: 60, digestMinutes: 10 } },
    routing: TO_TOWN,
    script: [
      ["10:00", raise("E1", red)],
      ["10:05", raise("E2", { ...red, ...second })],
      ["10:06", raise("E3", { ...red, kind: "interference", stationIds: ["S9"] })],
    ],
    until: "11:00",
    told: ["10:00 town: opened T1", "10:15 county: opened T2 + opened T3"],
  },
  {
    rule: "suspected interference is told to the level above the holder",
    policy: slow,
    notification: quiet,
    script: [
      ["10:00", raise("E1", red)],
      ["10:10", raise("I", { kind: "interference", ...red })],
    ],
    until: "11:00",
    told: ["10:00 village: opened T1", "10:10 town: interference T1", "10:10 county: opened T2"],
  },
  {
    rule: "the end is told to the level above only where it was told of the beginning",
    policy: slow,
    notification: quiet,
    script: [
      ["10:00", raise("E1", red)],
      ["10:10", act("supervisor", "supervise", { note: "请尽快" })],
      ["10:20", act("supervisor", "false-alarm", { note: "已报备", reason: "known-activity" })],
    ],
    until: "11:00",
    told: [
      "10:00 village: opened T1",
      "10:10 town: supervised T1",
      "10:10 village: supervised T1",
      "10:20 town: closed T1",
    ],
  },
];
