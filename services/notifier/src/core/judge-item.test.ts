import { expect, test } from "vitest";
import { HOUR, testRules } from "../testing.ts";
import { testItem, testSubject } from "../testing-core.ts";
import { judgeItem, type Situation } from "./judge-item.ts";
import type { Step, Subject } from "./news.ts";
import type { NotificationRules } from "./notification-rules.ts";

const at = (time: string): number => Date.parse(`2026-11-22T${time}:00+08:00`);
const NOW = at("10:00");
const REGION: Partial<Subject> = { id: "R1", kind: "regional", division: "330602", state: null, stationIds: [] };
const YELLOW: Partial<Subject> = { severity: "yellow" };
const OFFLINE: Partial<Subject> = { id: "O1", kind: "offline", stationIds: ["S1", "S2"] };

interface Row {
  readonly step: Step;
  readonly subject?: Partial<Subject>;
  readonly news?: Partial<Subject>;
  readonly open?: readonly Partial<Subject>[];
  readonly silence?: Partial<Situation["silences"][number]>;
  readonly now?: number;
  readonly toldBefore?: boolean;
  readonly rules?: Partial<NotificationRules>;
}

async function verdictOf(row: Row): Promise<string> {
  const now = row.now ?? NOW;
  const subject = testSubject(row.subject);
  const silence = {
    id: "S",
    division: "330602",
    kind: null,
    stationId: null,
    startsAt: NOW - HOUR,
    endsAt: NOW + HOUR,
    author: "op",
    reason: "test",
  };
  const situation = {
    ...{ now, offsetMinutes: 480, subject, toldBefore: row.toldBefore ?? false },
    openSubjects: (row.open ?? []).map((one) => testSubject(one)),
    silences: row.silence === undefined ? [] : [{ ...silence, ...row.silence }],
  };
  const judgement = judgeItem(testItem(row.step, row.news ?? row.subject), situation, await testRules(row.rules));
  return "reason" in judgement ? `${judgement.verdict}: ${judgement.reason}` : judgement.verdict;
}

test.each<[string, Row, string]>([
  ["an open ticket is told", { step: "opened" }, "tell"],
  [
    "what is over before it was told is not told",
    { step: "opened", subject: { isOver: true } },
    "drop: over-before-told",
  ],
  [
    "the end is told to whoever was told of the beginning",
    { step: "closed", subject: { isOver: true }, toldBefore: true },
    "tell",
  ],
  ["the end alone is not told", { step: "closed", subject: { isOver: true } }, "drop: beginning-was-never-told"],
  [
    "that nobody inspected it is told of a closed one, whoever was told before",
    { step: "inspection-lapsed", subject: { isOver: true } },
    "tell",
  ],
  ["an unanswered ticket is told again", { step: "reminder" }, "tell"],
  ["an answered one is not", { step: "reminder", subject: { state: "responded" } }, "drop: answered"],
  [
    "one that went to another is not",
    { step: "reminder", subject: { officerId: "B" }, news: {} },
    "drop: another-holds-it",
  ],
  [
    "a region's notice mutes its yellow local tickets",
    { step: "opened", subject: YELLOW, open: [REGION] },
    "wait: inhibited R1",
  ],
  ["but not an orange one, which has a ticket of its own under it", { step: "opened", open: [REGION] }, "tell"],
  [
    "nor those of another property",
    { step: "opened", subject: { ...YELLOW, observedProperties: ["so2"] }, open: [REGION] },
    "tell",
  ],
  ["nor those elsewhere", { step: "opened", subject: YELLOW, open: [{ ...REGION, division: "330603" }] }, "tell"],
  ["nor device tickets", { step: "opened", subject: { kind: "device-fault" }, open: [REGION] }, "tell"],
  [
    "a notice that is over mutes nothing",
    { step: "opened", subject: YELLOW, open: [{ ...REGION, isOver: true }] },
    "tell",
  ],
  [
    "a station that is offline mutes its own",
    { step: "opened", subject: { kind: "device-fault" }, open: [OFFLINE] },
    "wait: inhibited O1",
  ],
  [
    "but not what another station says too",
    { step: "opened", subject: { stationIds: ["S1", "S9"] }, open: [OFFLINE] },
    "tell",
  ],
  ...(["assigned", "escalated", "reopened"] as const).map((step): [string, Row, string] => [
    `nor that somebody has it now who had not (${step}), since his clock begins`,
    { step, subject: { kind: "device-fault" }, open: [OFFLINE] },
    "tell",
  ]),
  ["and not itself", { step: "opened", subject: OFFLINE, open: [OFFLINE] }, "tell"],
  ["what a supervisor presses is told whatever mutes it", { step: "supervised", open: [REGION], silence: {} }, "tell"],
  ["a silence holds back", { step: "opened", silence: {} }, "wait: silenced S"],
  ["a silence elsewhere does not", { step: "opened", silence: { division: "330603" } }, "tell"],
  ["a silence of another kind does not", { step: "opened", silence: { kind: "offline" } }, "tell"],
  ["a silence of another station does not", { step: "opened", silence: { stationId: "S2" } }, "tell"],
  ["a silence of this station does", { step: "opened", silence: { stationId: "S1" } }, "wait: silenced S"],
  ["a silence ends at its end", { step: "opened", silence: { endsAt: NOW } }, "tell"],
  ["a silence begins at its beginning", { step: "opened", silence: { startsAt: NOW + 1 } }, "tell"],
  [
    "yellow waits for the morning",
    { step: "opened", subject: { severity: "yellow" }, now: at("23:30") },
    "wait: quiet-hours",
  ],
  ["orange does not", { step: "opened", now: at("23:30") }, "tell"],
  ["yellow by day does not", { step: "opened", subject: { severity: "yellow" } }, "tell"],
])("%s", async (_rule, row, expected) => {
  expect(await verdictOf(row)).toBe(expected);
});
