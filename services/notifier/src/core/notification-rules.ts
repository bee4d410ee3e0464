import { DivisionLevel, EpisodeKind, Severity } from "@hotgrid/contracts";
import { QuietHours } from "@hotgrid/tickets";
import { z } from "zod";
import { Step } from "./news.ts";

const Seconds = z.number().min(0).max(86_400);
const Minutes = z
  .number()
  .positive()
  .max(60 * 24 * 30);

/** Somebody who is told of some steps. holder: who has the ticket; above: who is on duty one level up from the holder's
 *  division; duty: who is on duty at the subject's own division; nobody: the receiver alone, no person is addressed. */
const Audience = z.strictObject({
  person: z.enum(["holder", "above", "duty", "nobody"]),
  steps: z.array(Step).min(1),
  severities: z.array(Severity).min(1),
  kinds: z.array(EpisodeKind).min(1),
});
export type Audience = z.infer<typeof Audience>;

/** While an open subject of kind `by` is there, news of the kinds `mutes` waits: what is still open when it ends is told
 *  then. region: within its division, of a property that it has; stations: where all stations are its own. */
const Inhibition = z.strictObject({
  by: EpisodeKind,
  mutes: z.array(EpisodeKind).min(1),
  severities: z.array(Severity).min(1),
  where: z.enum(["region", "stations"]),
});
export type Inhibition = z.infer<typeof Inhibition>;

/** A city's rules of notification: notification.json of its seeds. Receivers, addresses and secrets are not in it. */
export const NotificationRules = z.strictObject({
  version: z.string().min(1).max(40),
  note: z.strictObject({ zh: z.string(), en: z.string() }),
  language: z.enum(["zh", "en", "both"]),
  /** By name; a receiver of the configuration says which it serves. */
  audiences: z.record(z.string().regex(/^[a-z][a-z-]{0,31}$/), Audience),
  /** Episodes of these kinds have no ticket and are told as notices. */
  notices: z.array(EpisodeKind),
  /** What one message gathers: news of one ticket, of one village…, or of the whole city. */
  groupBy: z.union([z.literal("ticket"), DivisionLevel]),
  /** How long a group waits for more before its first message; what is over by then is never sent. */
  groupWaitSeconds: z.record(Severity, Seconds),
  /** A ticket that nobody has answered is told again after this time, at most so often. */
  repeat: z.strictObject({ minutes: z.record(Severity, Minutes), atMost: z.int().min(0).max(20) }),
  quietHours: z.array(QuietHours).max(10),
  inhibitions: z.array(Inhibition).max(20),
  /** Steps that no group wait, quiet hour, inhibition or silence holds back. */
  atOnce: z.array(Step),
  /** Messages to one address of a receiver whose configuration says nothing else; what is above goes into a digest. */
  limit: z.strictObject({ messages: z.int().positive().max(1000), perMinutes: Minutes }),
  /** Messages to one person's phone or device; what is above goes to the level above instead, gathered for
   *  `digestMinutes` into one message. null: no budget. Steps of `atOnce` are told all the same, and count. */
  pageBudget: z
    .strictObject({ pages: z.int().positive().max(1000), perMinutes: Minutes, digestMinutes: Minutes })
    .nullable()
    .default(null),
  /** Older news is kept but not told: after a long standstill, nobody is paged for yesterday. */
  staleAfterHours: z
    .number()
    .positive()
    .max(24 * 30),
});
export type NotificationRules = z.infer<typeof NotificationRules>;
