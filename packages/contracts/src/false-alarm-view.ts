import { z } from "zod";
import { IsoTime } from "./api.ts";
import { EpisodeKind } from "./episode.ts";
import { DivisionCode } from "./identifiers.ts";
import { FalseAlarmReason } from "./ticket.ts";

/** GET /false-alarms : what supervisors declared to be none, within the account's division, by the rules that raised it. */
export const FalseAlarmsView = z.strictObject({
  division: DivisionCode,
  from: IsoTime,
  to: IsoTime,
  /** Of the tickets closed in that time. */
  kinds: z.array(z.strictObject({ kind: EpisodeKind, closed: z.int(), falseAlarms: z.int() })),
  /** Episodes, most first. */
  rules: z.array(
    z.strictObject({ ruleVersion: z.string(), kind: EpisodeKind, reason: FalseAlarmReason, count: z.int() }),
  ),
});
export type FalseAlarmsView = z.infer<typeof FalseAlarmsView>;
