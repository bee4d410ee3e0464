import { z } from "zod";
import { Account, Assignment, Officer } from "./account.ts";
import { DeadLetter } from "./dead-letter.ts";
import { DemoClockState } from "./demo.ts";
import { Episode } from "./episode.ts";
import { DivisionCode, DivisionLevel } from "./identifiers.ts";
import { Inspection } from "./inspection.ts";
import { ObservedProperty } from "./observed-properties.ts";
import { ConnectionEvent, QcFlag, QualityEvent, Station } from "./station.ts";
import { Ticket, TicketHistoryEntry } from "./ticket.ts";

/** Shapes of the HTTP interface (base /api/v1). Inside, times are epoch ms; in answers ISO 8601 with the city's offset. */
export const IsoTime = z.iso.datetime({ offset: true });

const iso = {
  startedAt: IsoTime,
  confirmedAt: IsoTime.nullable(),
  endedAt: IsoTime.nullable(),
};
export const EpisodeView = Episode.extend({
  ...iso,
  evidence: Episode.shape.evidence.unwrap().extend({ at: IsoTime, phenomenonTime: IsoTime.optional() }).nullable(),
  /** Key of the reading that decided, as the services' logs show it. */
  reading: z.string().optional(),
  divisionName: z.string(),
  ticketIds: z.array(z.string()),
  /** The regional notice that stood for it when it was confirmed, so that it opened no ticket. */
  inhibitedBy: z.string().optional(),
});
export type EpisodeView = z.infer<typeof EpisodeView>;

const InspectionView = Inspection.extend({ chosenAt: IsoTime, at: IsoTime.nullable() });

export const TicketView = Ticket.extend({
  openedAt: IsoTime,
  updatedAt: IsoTime,
  closedAt: IsoTime.nullable(),
  recoveredAt: IsoTime.nullable(),
  feedbackAt: IsoTime.nullable(),
  inspection: InspectionView.nullable().optional(),
  obligations: z.array(
    Ticket.shape.obligations.element
      .omit({ reminders: true })
      .extend({ dueAt: IsoTime, settledAt: IsoTime.nullable() }),
  ),
  /** Full names from city to village, e.g. ["绍兴市","柯桥区","华舍街道","…"]. */
  divisionNames: z.array(z.string()),
  officerName: z.string(),
  officerPhone: z.string(),
  /** Actions that this account may take now. */
  actions: z.array(z.string()),
});
export type TicketView = z.infer<typeof TicketView>;

/** Alarm flood by ANSI/ISA-18.2: more than 10 new alarms for one operator in 10 minutes. */
export const AlarmFloodView = z.strictObject({
  flood: z.boolean(),
  /** Tickets opened since then that the account sees. */
  opened: z.int(),
  threshold: z.int(),
  windowMinutes: z.number(),
  since: IsoTime,
});

export const TicketDetail = z.strictObject({
  ticket: TicketView,
  history: z.array(TicketHistoryEntry.extend({ at: IsoTime })),
  episode: EpisodeView.nullable(),
});
export type TicketDetail = z.infer<typeof TicketDetail>;

export const StationView = Station.extend({
  divisionNames: z.array(z.string()),
  online: z.boolean(),
  /** Latest reading, or null before the first. */
  latest: z
    .strictObject({ phenomenonTime: IsoTime, results: z.partialRecord(ObservedProperty, z.number()) })
    .nullable(),
  flags: z.partialRecord(ObservedProperty, QcFlag),
  cellId: z.string(),
});
export type StationView = z.infer<typeof StationView>;

/** GET /stations/{id}/readings: one array per property beside the times, so that a chart reads it as it is.
 *  For rolled-up intervals values are means. */
export const ReadingSeries = z.strictObject({
  stationId: z.string(),
  interval: z.enum(["raw", "5m", "1h", "1d"]),
  times: z.array(IsoTime),
  properties: z.partialRecord(ObservedProperty, z.array(z.number().nullable())),
  truncated: z.boolean(),
});
export type ReadingSeries = z.infer<typeof ReadingSeries>;

/** GET /divisions?level=&within= . `area` is GeoJSON (WGS-84) where `?area=true`. */
export const DivisionView = z.strictObject({
  code: DivisionCode,
  name: z.string(),
  level: DivisionLevel,
  parent: DivisionCode.nullable(),
  lon: z.number(),
  lat: z.number(),
  approximate: z.boolean(),
  area: z.unknown().optional(),
});
export type DivisionView = z.infer<typeof DivisionView>;

/** Lists are cursor-paged and bounded. */
export const page = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });

export const DeadLetterView = DeadLetter.extend({ at: IsoTime });
export type DeadLetterView = z.infer<typeof DeadLetterView>;

/** GET and PUT /demo/clock. `now` by the demo clock. */
export const DemoClockView = z.strictObject({ now: IsoTime, clock: DemoClockState });
export type DemoClockView = z.infer<typeof DemoClockView>;

export const SessionView = z.strictObject({
  account: Account,
  divisionName: z.string(),
  /** "demo" shows the demo clock and the fire button. */
  mode: z.enum(["demo", "real"]),
  /** The demo's clock, so that a page never reckons by another until the stream tells it; null: the wall's. */
  clock: DemoClockView.nullable(),
  cityName: z.string(),
  utcOffset: z.string(),
  /** Configured tile URL, null: the grid itself is the map. */
  tileUrl: z.string().nullable(),
});
export type SessionView = z.infer<typeof SessionView>;

export const LoginRequest = z.strictObject({
  username: z.string().min(1).max(64),
  password: z.string().min(1).max(200),
});

/** PUT /demo/clock. */
export const DemoClockChange = z.strictObject({ speed: DemoClockState.shape.speed });

/** GET /cells?size=500|3000&bbox=west,south,east,north: squares of the hotspot grid with what is going on in them, as
 *  far as the account may see it. */
export const CellView = z.strictObject({
  id: z.string(),
  /** West, south, east, north in WGS-84 degrees. */
  bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  stationCount: z.int().nonnegative(),
  /** Mean of the stations' latest readings, in each property's unit. */
  latest: z.partialRecord(ObservedProperty, z.number()),
  /** The gravest firing episode that touches the cell. */
  episode: Episode.pick({ id: true, kind: true, severity: true, peakExcess: true }).nullable(),
});
export type CellView = z.infer<typeof CellView>;

/** GET /officers?division= : who is assigned there or below it today, e.g. to choose whom a ticket is transferred to. */
export const OfficerView = z.strictObject({
  ...Officer.shape,
  division: DivisionCode,
  divisionName: z.string(),
  role: Assignment.shape.role,
});
export type OfficerView = z.infer<typeof OfficerView>;

/** GET /readyz: 200 where all are "ok", else 503. "unavailable": can't be reached, or fails; "silent": gives no answer in
 *  time; "refuses": answers and takes nothing (its disk is full, or it is another's copy). */
export const ReadinessView = z.strictObject({
  ready: z.boolean(),
  checks: z.record(z.string(), z.enum(["ok", "unavailable", "silent", "refuses"])),
});
export type ReadinessView = z.infer<typeof ReadinessView>;

/** RFC 9457. */
export const Problem = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  detailZh: z.string(),
  field: z.string().optional(),
  /** What to do about it, for people. */
  remedy: z.strictObject({ zh: z.string(), en: z.string() }).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Data of the server-sent events of GET /stream. Event names: reading-summary, episode, ticket, station, clock
 *  (DemoClockView, demo mode only), and reset: what was missed can't be resumed, load the lists again. */
export const ReadingSummary = z.strictObject({
  at: IsoTime,
  /** [stationId, phenomenonTime epoch ms, results] of the stations that reported since the last summary. */
  stations: z.array(z.tuple([z.string(), z.int(), z.partialRecord(ObservedProperty, z.number())])),
});
export type ReadingSummary = z.infer<typeof ReadingSummary>;
export const EpisodeStreamEvent = z.strictObject({
  type: z.enum(["raised", "updated", "resolved"]),
  episode: EpisodeView,
});
export const TicketStreamEvent = z.strictObject({
  ticket: TicketView,
  entry: TicketHistoryEntry.extend({ at: IsoTime }),
});
export const StationStreamEvent = z.discriminatedUnion("kind", [
  ConnectionEvent.extend({ at: IsoTime }),
  QualityEvent.extend({ at: IsoTime }),
]);
export type StationStreamEvent = z.infer<typeof StationStreamEvent>;
export const ResetStreamEvent = z.strictObject({ reason: z.enum(["unknown-position", "too-old"]) });
