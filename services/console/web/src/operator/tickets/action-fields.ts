import type { TicketAction } from "@hotgrid/contracts";

export interface ActionFields {
  readonly note: "required" | "optional";
  /** What it asks for beside the note. */
  readonly extra?: "cause" | "officer" | "until" | "passed" | "into" | "falseAlarm" | "inspection" | "stations";
}

/** What each action's form asks for: contracts' ACTION_BODIES, as a person sees it. */
export const ACTION_FIELDS: Readonly<Record<TicketAction, ActionFields>> = {
  respond: { note: "optional" },
  handle: { note: "optional" },
  feedback: { note: "required", extra: "cause" },
  verify: { note: "optional", extra: "passed" },
  close: { note: "optional" },
  return: { note: "required" },
  transfer: { note: "required", extra: "officer" },
  escalate: { note: "required" },
  supervise: { note: "required" },
  suspend: { note: "required", extra: "until" },
  resume: { note: "optional" },
  merge: { note: "optional", extra: "into" },
  split: { note: "required", extra: "stations" },
  "false-alarm": { note: "required", extra: "falseAlarm" },
  reopen: { note: "required" },
  inspect: { note: "required", extra: "inspection" },
  comment: { note: "required" },
};

export interface ActionInput {
  readonly note?: string;
  readonly cause?: string;
  readonly officerId?: string;
  /** Of an input of type datetime-local, in the city's time: 2026-11-22T08:00. */
  readonly until?: string;
  readonly passed?: boolean;
  readonly into?: string;
  /** That become a ticket of their own. */
  readonly stationIds?: readonly string[];
  /** Of an inspection that was not passed. */
  readonly plan?: string;
  /** Of a false alarm. */
  readonly reason?: string;
}

/** The body that the API takes: without what was left empty. */
export function actionBody(action: TicketAction, input: ActionInput, utcOffset: string): Record<string, unknown> {
  const { note, extra } = { note: input.note?.trim() ?? "", extra: ACTION_FIELDS[action].extra };
  return {
    ...(note === "" ? {} : { note }),
    ...(extra === "cause" ? { cause: input.cause } : {}),
    ...(extra === "officer" ? { officerId: input.officerId } : {}),
    ...(extra === "until" ? { until: `${input.until}:00${utcOffset}` } : {}),
    ...(extra === "passed" ? { passed: input.passed } : {}),
    ...(extra === "inspection" ? inspected(input) : {}),
    ...(extra === "into" ? { into: input.into } : {}),
    ...(extra === "stations" ? { stationIds: input.stationIds } : {}),
    ...(extra === "falseAlarm" ? { reason: input.reason } : {}),
  };
}

/** The plan belongs to what was not passed. */
const inspected = ({ passed, plan = "" }: ActionInput) => (passed ? { passed } : { passed, plan: plan.trim() });
