import type { Episode, RoutingTree, TicketAction } from "@hotgrid/contracts";
import { START } from "../../harness/ticket-city.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Something that happens. */
export type Input =
  | { readonly kind: "episode"; readonly id: string; readonly changes: Partial<Episode> }
  | {
      readonly kind: "command";
      readonly who: string;
      readonly action: TicketAction;
      readonly ticket: string;
      readonly body: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "silence"; readonly until: string }
  | { readonly kind: "rows"; readonly shift?: ShiftRow; readonly leave?: LeaveRow }
  | { readonly kind: "down"; readonly until: string };

interface ShiftRow {
  readonly officer: string;
  readonly division: string;
  readonly start: string;
  readonly end: string;
}
interface LeaveRow {
  readonly officer: string;
  readonly substitute: string | null;
}

/** A rule, what happens at which times, and whatever is told outside until `until`, to whom and when. */
export interface Scenario {
  readonly rule: string;
  /** Laid over the city's files: seeds' notification.json, the tests' policy and routing. */
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly routing?: RoutingTree;
  readonly notification?: Readonly<Record<string, unknown>>;
  /** Messages a minute to one address. */
  readonly limit?: number;
  readonly script: readonly (readonly [time: string, input: Input])[];
  readonly until: string;
  /** "10:00 village: opened T1", a message a line; several pieces of news in one are joined by " + ". */
  readonly told: readonly string[];
}

/** "10:00", "10:00:30", "+1d 07:00" of Sunday, 2026-11-22, +08:00, in epoch ms. */
export function timeOf(text: string): number {
  const match = /^(?:\+(\d+)d )?(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (match === null) throw new Error(`no time: ${text}`);
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  const midnight = START - 10 * 60 * MINUTE;
  return midnight + (days ?? 0) * DAY + ((hours ?? 0) * 60 + (minutes ?? 0)) * MINUTE + (seconds ?? 0) * 1000;
}

/** The other way round, for what is compared. */
export function clockText(at: number): string {
  const midnight = START - 10 * 60 * MINUTE;
  const days = Math.floor((at - midnight) / DAY);
  const time = new Date(at + 8 * 60 * MINUTE).toISOString().slice(11, 19).replace(/:00$/, "");
  return days === 0 ? time : `+${days}d ${time}`;
}

export const raise = (id = "E1", changes: Partial<Episode> = {}): Input => ({ kind: "episode", id, changes });
/** Of clean air since that time. */
export const clean = (since: string, id = "E1", changes: Partial<Episode> = {}): Input => ({
  ...{ kind: "episode", id, changes: { ...changes, status: "resolved", endedAt: timeOf(since) } },
});
export const act = (
  who: string,
  action: TicketAction,
  body: Readonly<Record<string, unknown>> = {},
  ticket = "T1",
): Input => ({ kind: "command", who, action, ticket, body });
export const FEEDBACK = { note: "秸秆焚烧，已扑灭", cause: "burning" };
