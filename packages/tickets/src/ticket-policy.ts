import { EpisodeKind, Severity } from "@hotgrid/contracts";
import { z } from "zod";
import { QuietHours } from "./quiet-hours.ts";

const Minutes = z
  .number()
  .positive()
  .max(60 * 24 * 90);
const Hours = z
  .number()
  .positive()
  .max(24 * 90);

/** Time limits: respond from the moment at which the ticket reached the officer, the others from its opening. */
const Limits = z.strictObject({ respondMinutes: Minutes, handleHours: Hours, feedbackHours: Hours });
const LimitsBySeverity = z.record(Severity, Limits);

/** What an episode of a kind leads to; `limits` in place of the general ones. A notice opens no ticket: the episode
 *  itself is shown. Who gets a ticket is for routing.json to say. */
const Handling = z.discriminatedUnion("opens", [
  z.strictObject({ opens: z.literal("ticket"), limits: LimitsBySeverity.optional() }),
  z.strictObject({ opens: z.literal("notice") }),
]);
export type Handling = z.infer<typeof Handling>;

/** A city's rules of the closed loop: policy.json of its seeds. */
export const TicketPolicy = z.strictObject({
  version: z.string().min(1).max(40),
  note: z.strictObject({ zh: z.string(), en: z.string() }),
  limits: LimitsBySeverity,
  kinds: z.strictObject({
    local: Handling,
    regional: Handling,
    "device-fault": Handling,
    offline: Handling,
    interference: Handling,
  } satisfies Record<EpisodeKind, typeof Handling>),
  /** In these hours an officer's clocks don't begin: what is opened, handed over or raised then counts from their end.
   *  The same as notification.json's, so that nobody is judged by a time of which nobody told him. */
  quietHours: z.array(QuietHours).max(10).default([]),
  /** Of the city's local time from UTC; the dispatcher puts in what city.json says. Default: all of China's. */
  offsetMinutes: z
    .int()
    .min(-14 * 60)
    .max(14 * 60)
    .default(8 * 60),
  recovery: z.strictObject({
    /** Clean air has to last this long, from its first clean minute, before it counts. */
    holdMinutes: z
      .number()
      .min(0)
      .max(60 * 24 * 7),
    /** Clean air has to be seen this long after the feedback, else the ticket goes back to handling. */
    withinHours: Hours,
  }),
  verification: z.discriminatedUnion("by", [
    /** The system closes with the sensor's verdict, after a time in which a supervisor may object. */
    z.strictObject({ by: z.literal("sensor"), closeAfterMinutes: Minutes }),
    /** A supervisor verifies within this time, else the ticket is marked as pressed. */
    z.strictObject({ by: z.literal("supervisor"), withinHours: Hours }),
  ]),
  /** A ticket with suspected interference is closed by a supervisor only, within this time, else pressed. */
  interference: z.strictObject({ verifyWithinHours: Hours }).default({ verifyWithinHours: 24 }),
  /** Third-party inspection: which share of the tickets of which kinds that are closed in a month is drawn, and how soon
   *  an inspector has to have looked at one. What a month began with holds until its end. */
  inspection: z
    .strictObject({
      share: z.number().min(0).max(1),
      kinds: z.array(EpisodeKind).min(1),
      withinDays: z.number().positive().max(90),
    })
    .default({ share: 0, kinds: ["local"], withinDays: 7 }),
  /** While a regional notice goes on, local episodes at its stations open no ticket up to this severity; they are listed
   *  under the notice. null: they open tickets as ever. What is worse is never held back. */
  regionalInhibits: Severity.nullable().default(null),
  /** An episode at a place whose ticket was closed at most this long ago reopens that ticket. */
  reopenWithinMinutes: z
    .number()
    .min(0)
    .max(60 * 24 * 90),
  /** Reminders before an officer's or a supervisor's clock runs out, as shares of its time, e.g. [0.75]; none: []. */
  remindAtShares: z
    .array(z.number().gt(0).lt(1))
    .max(4)
    .default([])
    .transform((shares) => shares.toSorted((a, b) => a - b)),
  /** A clock that ran out and has nobody above to go to runs out again after this time. */
  repeatHours: Hours,
  /** A suspension ends after at most so many days. */
  suspensionMaxDays: z.int().positive().max(3660),
});
export type TicketPolicy = z.infer<typeof TicketPolicy>;
