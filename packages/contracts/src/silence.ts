import { z } from "zod";
import { IsoTime } from "./api.ts";
import { EpisodeKind } from "./episode.ts";
import { DivisionCode, StationId } from "./identifiers.ts";

/** GET /silences: a person's mute of notifications, with what it matches. */
export const SilenceView = z.strictObject({
  id: z.string(),
  /** It and all below. */
  division: DivisionCode,
  divisionNames: z.array(z.string()),
  /** Null: every kind. */
  kind: EpisodeKind.nullable(),
  /** Null: every station, and what has none. */
  stationId: z.string().nullable(),
  startsAt: IsoTime,
  endsAt: IsoTime,
  author: z.string(),
  reason: z.string(),
  /** This account may end it now. */
  mayEnd: z.boolean(),
});
export type SilenceView = z.infer<typeof SilenceView>;

/** POST /silences: from now until `until`, within 30 days. */
export const SilenceRequest = z.strictObject({
  division: DivisionCode,
  kind: EpisodeKind.nullable(),
  stationId: StationId.nullable(),
  until: IsoTime,
  reason: z.string().trim().min(2).max(500),
});
