import { RoutingTree } from "@hotgrid/contracts";
import { PLACES, SECOND } from "../../harness/ticket-city.ts";
import { act, raise, type Scenario } from "./scenario.ts";

const red = { severity: "red" } as const;
const plain = {
  groupWaitSeconds: { red: 0, orange: 0, yellow: 0 },
  quietHours: [],
  repeat: { minutes: { red: 600, orange: 600, yellow: 600 }, atMost: 0 },
};
const tree = (...routes: unknown[]) =>
  RoutingTree.parse({ version: "scenario", routes, otherwise: { level: "village" } });

/** Who gets a ticket: routing.json, rosters, leave, and what people do to pass it on. */
export const ROUTING_RULES: readonly Scenario[] = [
  {
    rule: "kind: pollution to the village, devices without a vendor and interference to the county",
    notification: { ...plain, inhibitions: [] },
    script: [
      ["10:00", raise("E1", red)],
      ["10:01", raise("E2", { ...red, kind: "device-fault", stationIds: ["S2"] })],
      ["10:02", raise("E3", { ...red, kind: "interference", stationIds: ["S9"] })],
    ],
    until: "10:10",
    told: ["10:00 village: opened T1", "10:01 county: opened T2", "10:02 county: opened T3"],
  },
  {
    rule: "property and severity: red dust to the county, other dust to the town",
    notification: plain,
    routing: tree({
      name: "dust",
      when: { properties: ["pm10"] },
      to: { level: "town" },
      routes: [{ name: "red", when: { severities: ["red"] }, to: { level: "county" } }],
    }),
    script: [
      ["10:00", raise("E1", { ...red, observedProperties: ["pm10"] })],
      ["10:01", raise("E2", { observedProperties: ["pm10"], division: SECOND, stationIds: ["S2"], ...PLACES.S2 })],
    ],
    until: "10:10",
    told: ["10:00 county: opened T1", "10:01 town: opened T2"],
  },
  {
    rule: "time: at night to the town, by day to the village, by the city's hours",
    notification: plain,
    routing: tree({ name: "night", when: { between: { start: "22:00", end: "06:00" } }, to: { level: "town" } }),
    script: [
      ["21:59", raise("E1", red)],
      ["22:00", raise("E2", { ...red, division: SECOND, stationIds: ["S2"], ...PLACES.S2 })],
    ],
    until: "22:10",
    told: ["21:59 village: opened T1", "22:00 town: opened T2"],
  },
  {
    rule: "days: on a day of rest to the county, on a working day to the village",
    notification: plain,
    routing: tree({ name: "rest", when: { days: ["restday"] }, to: { level: "county" } }),
    script: [
      ["10:00", raise("E1", red)],
      ["+1d 10:00", raise("E2", { ...red, division: SECOND, stationIds: ["S2"], ...PLACES.S2 })],
    ],
    until: "+1d 10:10",
    told: [
      "10:00 county: opened T1",
      "10:20 city: escalated T1",
      "10:40 city: overdue T1",
      "12:00 city: overdue T1",
      "+1d 10:00 city: overdue T1",
      "+1d 10:00 neighbour: opened T2",
    ],
  },
  {
    rule: "division: one village's tickets to the town, the other's to itself",
    notification: plain,
    routing: tree({ name: "second", when: { divisions: [SECOND] }, to: { level: "town" } }),
    script: [
      ["10:00", raise("E1", red)],
      ["10:01", raise("E2", { ...red, division: SECOND, stationIds: ["S2"], ...PLACES.S2 })],
    ],
    until: "10:10",
    told: ["10:00 village: opened T1", "10:01 town: opened T2"],
  },
  {
    rule: "roster: whoever has the shift, until its end",
    notification: plain,
    script: [
      [
        "10:00",
        { kind: "rows", shift: { officer: "neighbour", division: "330602001001", start: "09:00", end: "10:30" } },
      ],
      ["10:05", raise("E1", red)],
      ["10:10", act("supervisor", "false-alarm", { note: "演练", reason: "known-activity" })],
      ["10:31", raise("E2", red)],
    ],
    until: "10:40",
    told: ["10:05 neighbour: opened T1", "10:31 village: opened T2"],
  },
  {
    rule: "leave: the substitute",
    notification: plain,
    script: [
      ["10:00", { kind: "rows", leave: { officer: "village", substitute: "neighbour" } }],
      ["10:05", raise("E1", red)],
    ],
    until: "10:10",
    told: ["10:05 neighbour: opened T1"],
  },
  {
    rule: "leave: without a substitute a level up; and nobody who is away is raised to",
    notification: plain,
    script: [
      ["10:00", { kind: "rows", leave: { officer: "village", substitute: null } }],
      ["10:05", raise("E1", red)],
      ["10:06", { kind: "rows", leave: { officer: "county", substitute: null } }],
    ],
    until: "10:30",
    told: ["10:05 town: opened T1", "10:25 city: escalated T1"],
  },
  {
    rule: "transfer and return: who gets it is told, and has the full time to respond",
    notification: plain,
    script: [
      ["10:00", raise("E1", red)],
      ["10:15", act("supervisor", "transfer", { note: "源头在二村", officerId: "O-330602001002" })],
      ["10:30", act("neighbour", "return", { note: "不在本村", reason: "not-my-area" })],
    ],
    until: "10:49",
    told: ["10:00 village: opened T1", "10:15 neighbour: assigned T1", "10:30 town: assigned T1"],
  },
  {
    rule: "split: the part is told to whoever is on duty where its stations lie",
    notification: plain,
    script: [
      ["10:00", raise("E1", { ...red, stationIds: ["S1", "S2"] })],
      ["10:05", act("supervisor", "split", { note: "两处火点", stationIds: ["S2"] })],
    ],
    until: "10:10",
    told: ["10:00 village: opened T1", "10:05 neighbour: opened T2"],
  },
  {
    rule: "one ticket for one thing: a second episode at the place tells nobody anything",
    notification: plain,
    script: [
      ["10:00", raise("E1", red)],
      ["10:05", raise("E2", red)],
    ],
    until: "10:10",
    told: ["10:00 village: opened T1"],
  },
  {
    rule: "one notice for one haze: what it covers opens no ticket until it is over",
    policy: { regionalInhibits: "orange" },
    notification: plain,
    script: [
      ["10:00", raise("R", { kind: "regional", division: "330602", stationIds: ["S1", "S2"] })],
      ["10:05", raise("E1")],
      [
        "11:00",
        {
          kind: "episode",
          id: "R",
          changes: {
            kind: "regional",
            division: "330602",
            stationIds: ["S1", "S2"],
            status: "resolved",
            endedAt: Date.parse("2026-11-22T11:00:00+08:00"),
          },
        },
      ],
    ],
    until: "11:10",
    told: ["10:00 chat: notice R", "11:00 chat: notice-over R", "11:00 village: opened T1"],
  },
];
