import type { Episode, TicketAction } from "@hotgrid/contracts";
import { PLACES, SECOND, VILLAGE } from "../../harness/ticket-city.ts";

const MINUTE = 60_000;

/** What happens to the city, and when: minutes after the start. Nothing: the clocks run. */
export interface Stage {
  readonly at: number;
  readonly episode?: { readonly id: string; readonly revision: number; readonly changes: Partial<Episode> };
  /** `ticket`: the n-th that was opened, from 0. */
  readonly command?: {
    readonly ticket: number;
    readonly account: string;
    readonly action: TicketAction;
    readonly body?: Readonly<Record<string, unknown>>;
  };
}

const OFFICER = `O-${VILLAGE}`;
const TOWN = "O-330602001";
const by = (account: string, action: TicketAction, body = {}, ticket = 0) => ({ ticket, account, action, body });
const episode = (id: string, revision: number, changes: Partial<Episode> = {}) => ({
  id,
  revision,
  changes: { severity: "red" as const, stationIds: ["S1"], division: VILLAGE, ...PLACES.S1, ...changes },
});
const both = { stationIds: ["S1", "S2"] };
const feedback = { note: "秸秆焚烧，已扑灭", cause: "burning" };
const resolved = (minute: number, start: number): Partial<Episode> => ({
  ...{ ...both, status: "resolved", endedAt: start + minute * MINUTE },
});

/** A ticket from detection to closing, with everything that may happen to one in between: escalation by the clock and by
 *  hand, return, a reminder, a lapsed response, suspension, split and merge, supervision, an inspection that is not
 *  passed, a second round, a recurrence and a false alarm. */
export const ticketLife = (start: number): readonly Stage[] => [
  { at: 0, episode: episode("E1", 1) },
  { at: 15 },
  { at: 20 },
  { at: 21, command: by(TOWN, "respond") },
  { at: 22, episode: episode("E1", 2, both) },
  { at: 23, command: by("supervisor", "split", { note: "两处火点", stationIds: ["S2"] }) },
  { at: 24, command: by(`O-${SECOND}`, "respond", {}, 1) },
  { at: 25, command: by("supervisor", "merge", { into: 0 }, 1) },
  { at: 26, command: by("supervisor", "transfer", { note: "由村里处置", officerId: OFFICER }) },
  { at: 27, command: by(OFFICER, "respond") },
  {
    at: 28,
    command: by("supervisor", "suspend", { note: "企业整改", until: new Date(start + 60 * MINUTE).toISOString() }),
  },
  { at: 60 },
  { at: 170 },
  { at: 171, command: by(OFFICER, "respond") },
  { at: 172, command: by("supervisor", "supervise", { note: "请尽快" }) },
  { at: 173, command: by(OFFICER, "handle") },
  { at: 174, command: by(OFFICER, "feedback", feedback) },
  { at: 180, episode: episode("E1", 3, resolved(175, start)) },
  { at: 205 },
  { at: 215 },
  {
    at: 216,
    command: by("inspector", "inspect", { passed: false, note: "余烬未清", plan: "当日清理余烬并覆土，街道复查" }),
  },
  { at: 217, command: by(OFFICER, "return", { note: "不在本村", reason: "not-my-area" }) },
  { at: 218, command: by(TOWN, "respond") },
  { at: 219, command: by(TOWN, "handle") },
  { at: 220, command: by(TOWN, "feedback", feedback) },
  { at: 240 },
  { at: 241, command: by("inspector", "inspect", { passed: true, note: "已清理" }) },
  { at: 300, episode: episode("E2", 1) },
  { at: 301, command: by("supervisor", "false-alarm", { note: "已报备的演练", reason: "known-activity" }) },
];
