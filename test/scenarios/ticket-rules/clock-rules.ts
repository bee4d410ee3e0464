import { act, clean, FEEDBACK, raise, type Scenario } from "./scenario.ts";

const red = { severity: "red" } as const;
const yellow = { severity: "yellow" } as const;
/** Reminders of the notifier are another table's matter; news comes when it happens. */
const plain = {
  groupWaitSeconds: { red: 0, orange: 0, yellow: 0 },
  quietHours: [],
  repeat: { minutes: { red: 600, orange: 600, yellow: 600 }, atMost: 0 },
};
const answered = [
  ["10:01", act("village", "respond")],
  ["10:02", act("village", "handle")],
] as const;
const fedBack = [...answered, ["10:03", act("village", "feedback", FEEDBACK)]] as const;

/** What the clocks of policy.json do, as the people hear of it. Limits of the tests' policy: respond 20, 30, 60 min; handle
 *  2, 4, 8 h; feedback 24, 24, 48 h; clean air for 30 min within 12 h; closed by the sensors 10 min later. */
export const CLOCK_RULES: readonly Scenario[] = [
  {
    rule: "respond: red after 20 min goes up one level, and who is above that hears of it",
    notification: plain,
    script: [["10:00", raise("E1", red)]],
    until: "10:30",
    told: ["10:00 village: opened T1", "10:20 town: escalated T1", "10:20 county: escalated T1"],
  },
  {
    rule: "respond: orange after 30 min, yellow after 60",
    notification: plain,
    script: [
      ["10:00", raise("E1")],
      ["10:00", raise("E2", { ...yellow, division: "330602001002" })],
    ],
    until: "11:01",
    told: [
      "10:00 village: opened T1",
      "10:00 neighbour: opened T2",
      "10:30 town: escalated T1",
      "10:30 county: escalated T1",
      "11:00 county: escalated T1 + escalated T2",
      "11:00 city: escalated T1",
      "11:00 town: escalated T2",
    ],
  },
  {
    rule: "respond: each level once, and at the top pressed",
    notification: plain,
    script: [["10:00", raise("E1", red)]],
    until: "11:30",
    told: [
      "10:00 village: opened T1",
      "10:20 town: escalated T1",
      "10:20 county: escalated T1",
      "10:40 county: escalated T1",
      "10:40 city: escalated T1",
      "11:00 city: escalated T1",
      "11:20 city: overdue T1",
    ],
  },
  {
    rule: "reminder: before the time is over, once for each share, and not once it is done",
    policy: { remindAtShares: [0.5, 0.75] },
    notification: plain,
    script: [
      ["10:00", raise("E1", red)],
      ["10:12", act("village", "respond")],
    ],
    until: "10:40",
    told: ["10:00 village: opened T1", "10:10 village: due-soon T1"],
  },
  {
    rule: "a response without any work lapses when the time to handle is over: to be responded again, and pressed",
    notification: plain,
    script: [
      ["10:00", raise("E1", red)],
      ["10:01", act("village", "respond")],
    ],
    until: "12:30",
    told: [
      "10:00 village: opened T1",
      "12:00 village: overdue T1",
      "12:00 town: overdue T1",
      "12:20 town: escalated T1",
      "12:20 county: escalated T1",
    ],
  },
  {
    rule: "feedback: pressed after 24 h, again after another 24 h",
    notification: plain,
    script: [["10:00", raise()], ...answered],
    until: "+2d 12:00",
    told: [
      "10:00 village: opened T1",
      "+1d 10:00 town: overdue T1",
      "+1d 10:00 village: overdue T1",
      "+2d 10:00 village: overdue T1",
      "+2d 10:00 town: overdue T1",
    ],
  },
  {
    rule: "suspension: the clocks stand still, and go on with the time that was left; a day ends its morning, not its midnight",
    notification: plain,
    script: [
      ["10:00", raise("E1", red)],
      ["10:15", act("supervisor", "suspend", { note: "企业整改", until: "2026-11-23T00:00:00+08:00" })],
    ],
    until: "+1d 08:10",
    told: [
      "10:00 village: opened T1",
      "+1d 08:00 village: resumed T1",
      "+1d 08:05 town: escalated T1",
      "+1d 08:05 county: escalated T1",
    ],
  },
  {
    rule: "clean air for 30 min after the feedback, then 10 min to object, then closed; no message at midnight for it",
    notification: plain,
    script: [["10:00", raise("E1", red)], ...fedBack, ["10:10", clean("10:05", "E1", red)]],
    until: "+1d 10:00",
    told: ["10:00 village: opened T1"],
  },
  {
    rule: "not clean within 12 h after the feedback: back to handling",
    notification: plain,
    script: [["10:00", raise("E1", red)], ...fedBack],
    until: "22:30",
    told: ["10:00 village: opened T1", "22:03 village: relapsed T1"],
  },
  {
    rule: "the air turns bad again before the closing: back to handling",
    notification: plain,
    script: [
      ["10:00", raise("E1", red)],
      ...fedBack,
      ["10:10", clean("10:05", "E1", red)],
      ["10:20", raise("E1", red)],
    ],
    until: "11:30",
    told: ["10:00 village: opened T1", "10:20 village: relapsed T1"],
  },
  {
    rule: "a recurrence within 6 h after the closing reopens the ticket, a later one is a new one",
    notification: plain,
    script: [
      ["10:00", raise("E1", red)],
      ...fedBack,
      ["10:10", clean("10:05", "E1", red)],
      ["12:00", raise("E2", red)],
      ["12:05", act("supervisor", "false-alarm", { note: "已报备", reason: "known-activity" })],
      ["19:00", raise("E3", red)],
    ],
    until: "19:10",
    told: ["10:00 village: opened T1", "12:00 village: reopened T1", "19:00 village: opened T2"],
  },
  {
    rule: "a higher severity shortens the clocks, counted from then",
    notification: plain,
    script: [
      ["10:00", raise("E1", yellow)],
      ["10:10", raise("E1", red)],
    ],
    until: "10:35",
    told: [
      "10:00 village: opened T1",
      "10:10 village: worse T1",
      "10:30 county: escalated T1",
      "10:30 town: escalated T1",
    ],
  },
  {
    rule: "verification by a supervisor: pressed when nobody does it in time",
    policy: { verification: { by: "supervisor", withinHours: 24 } },
    notification: plain,
    script: [["10:00", raise("E1", red)], ...fedBack, ["10:10", clean("10:05", "E1", red)]],
    until: "+1d 11:00",
    told: [
      "10:00 village: opened T1",
      "10:35 town: to-verify T1",
      "+1d 10:35 town: overdue T1",
      "+1d 10:35 village: overdue T1",
    ],
  },
  {
    rule: "inspection: lapsed when nobody comes within 7 days",
    policy: { inspection: { share: 1, kinds: ["local"], withinDays: 7 } },
    notification: plain,
    script: [["10:00", raise("E1", red)], ...fedBack, ["10:10", clean("10:05", "E1", red)]],
    until: "+8d 10:00",
    told: ["10:00 village: opened T1", "+7d 10:45 town: inspection-lapsed T1"],
  },
  {
    rule: "inspection: not passed, the ticket is open again for the officer; passed, nobody is told",
    policy: { inspection: { share: 1, kinds: ["local"], withinDays: 7 } },
    notification: plain,
    script: [
      ["10:00", raise("E1", red)],
      ...fedBack,
      ["10:10", clean("10:05", "E1", red)],
      ["12:00", act("inspector", "inspect", { passed: false, note: "余烬未清", plan: "当日清理余烬并覆土，街道复查" })],
      ["12:01", act("village", "respond")],
      ["12:02", act("village", "handle")],
      ["12:03", act("village", "feedback", FEEDBACK)],
      ["14:00", act("inspector", "inspect", { passed: true, note: "已清理" })],
    ],
    until: "+8d 10:00",
    told: ["10:00 village: opened T1", "12:00 village: reopened T1"],
  },
  {
    rule: "what fell due while the system was down is done once at the start, and told then",
    notification: plain,
    script: [
      ["10:00", raise("E1", red)],
      ["10:10", { kind: "down", until: "10:50" }],
    ],
    until: "11:05",
    told: ["10:00 village: opened T1", "10:50 town: escalated T1", "10:50 county: escalated T1"],
  },
];
