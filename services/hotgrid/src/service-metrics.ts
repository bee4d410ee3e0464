import type { Bus } from "@hotgrid/bus";
import {
  type CityCode,
  DEAD_LETTER_REASONS,
  EPISODE_KINDS,
  Episode,
  NotificationMessageView,
  type QcFlag,
  STREAMS,
  type StreamKey,
  TICKET_STATES,
} from "@hotgrid/contracts";
import type { DetectorService } from "@hotgrid/detector-service";
import type { RecorderCounters } from "@hotgrid/recorder-service";
import type { Clock } from "@hotgrid/runtime";
import type { Database } from "@hotgrid/store";
import type { Kysely } from "kysely";
import type { Metric, Sample } from "./add-metric.ts";

const SECOND_MS = 1000;

/** How far each durable consumer is behind the logs that it reads. */
export const lagMetrics = (
  bus: Bus,
  consumers: readonly (readonly [name: string, streams: readonly StreamKey[]])[],
): Metric => ({
  kind: "gauge",
  name: "hotgrid_log_lag_messages",
  help: "Messages of a log that a consumer has not settled",
  labels: ["stream", "consumer"],
  read: () =>
    Promise.all(
      consumers.flatMap(([consumer, streams]) =>
        streams.map(async (stream): Promise<Sample> => [await bus.lag(stream, consumer), stream, consumer]),
      ),
    ),
});

/** Whether the cluster still knows each log: one that it has forgotten does not come back by itself. */
export const forgottenMetric = (forgotten: () => readonly StreamKey[]): Metric => ({
  kind: "gauge",
  name: "hotgrid_log_streams_forgotten",
  help: "1 for a log that the NATS cluster says does not exist, for some time",
  labels: ["stream"],
  read: () => (Object.keys(STREAMS) as StreamKey[]).map((stream) => [forgotten().includes(stream) ? 1 : 0, stream]),
});

export const recorderMetrics = (counters: () => Readonly<RecorderCounters>): readonly Metric[] => [
  {
    kind: "counter",
    name: "hotgrid_recorder_readings_total",
    help: "Readings by what became of them: stored, duplicate (a second copy), expired (older than raw readings are kept)",
    labels: ["outcome"],
    read: () => {
      const { stored, duplicates, expired } = counters();
      return [
        [stored, "stored"],
        [duplicates, "duplicate"],
        [expired, "expired"],
      ];
    },
  },
  {
    kind: "counter",
    name: "hotgrid_recorder_dead_letters_total",
    help: "Dead letters kept, of all services, by reason",
    labels: ["reason"],
    // Also those that have not been: increase() does not see a series' first value.
    read: () => DEAD_LETTER_REASONS.map((reason) => [counters().deadLetters[reason] ?? 0, reason]),
  },
];

export const detectorMetrics = (
  detectors: () => ReadonlyMap<CityCode, DetectorService>,
  clock: Clock,
): readonly Metric[] => {
  const each = (read: (city: CityCode, detector: ReturnType<typeof detectorOf>) => readonly Sample[]) => () =>
    [...detectors()].flatMap(([city, service]) => read(city, detectorOf(service)));
  return [
    {
      kind: "counter",
      name: "hotgrid_detector_readings_total",
      help: "Readings that the detector was given",
      labels: ["city"],
      read: each((city, { counters }) => [[counters.readings, city]]),
    },
    {
      kind: "counter",
      name: "hotgrid_detector_readings_left_out_total",
      help: "Readings that no decision could use, by reason: late is for a minute that was decided already",
      labels: ["city", "reason"],
      read: each((city, { counters: { unknown, late, duplicate, surplus, future, badTime, early, undecodable } }) => [
        [unknown, city, "unknown-station"],
        [late, city, "late"],
        [duplicate, city, "duplicate"],
        [surplus, city, "surplus"],
        [future, city, "future"],
        [badTime, city, "bad-time"],
        [early, city, "early"],
        [undecodable, city, "undecodable"],
      ]),
    },
    {
      kind: "gauge",
      name: "hotgrid_detector_behind_seconds",
      help: "From the latest minute that was decided until now",
      labels: ["city"],
      read: each((city, { decidedUntil }) =>
        decidedUntil === null ? [] : [[(clock.now() - decidedUntil) / SECOND_MS, city]],
      ),
    },
  ];
};

/** All detectors of a system together hold each city once: fewer cities than there are, and nobody decides for some. */
export const cityMetrics = (detectors: () => ReadonlyMap<CityCode, DetectorService>): Metric => ({
  kind: "gauge",
  name: "hotgrid_detector_cities",
  help: "Cities for which this process decides",
  labels: [],
  read: () => [[detectors().size]],
});

export const streamMetrics = (streams: () => number): Metric => ({
  kind: "gauge",
  name: "hotgrid_console_streams",
  help: "Browsers that listen to the live stream now",
  labels: [],
  read: () => [[streams()]],
});

const detectorOf = (detector: DetectorService) => ({
  counters: detector.counters(),
  decidedUntil: detector.decidedUntil(),
});

/** Counts by two labels, 0 where there is none: for each of these first ones, and of those that were counted, each second
 *  one. A state that nothing is in any more is 0, not "no data"; and delta() does not see a series' first value. */
function withZeros(
  counted: readonly (readonly [count: number, first: string, second: string])[],
  firsts: readonly string[],
  seconds: readonly string[],
): readonly Sample[] {
  const counts = new Map(counted.map(([count, first, second]) => [JSON.stringify([first, second]), count]));
  const all = [...new Set([...firsts, ...counted.map(([, first]) => first)])];
  return all.flatMap((first) =>
    seconds.map((second): Sample => [counts.get(JSON.stringify([first, second])) ?? 0, first, second]),
  );
}

/** QARTOD's names of its flags. */
const FLAGS: Readonly<Record<QcFlag, string>> = {
  1: "pass",
  2: "not-evaluated",
  3: "suspect",
  4: "fail",
  9: "missing",
};

/** What the tables hold now: the same whichever process counts. */
export const tableMetrics = (database: Kysely<Database>): readonly Metric[] => {
  const { countAll } = database.fn;
  return [
    {
      kind: "gauge",
      name: "hotgrid_tickets",
      help: "Tickets by state; overdue: a clock of the step that the ticket waits for has run out",
      labels: ["state", "overdue"],
      read: async () => {
        const rows = await database
          .selectFrom("tickets")
          .select(["state", "overdue", countAll().as("count")])
          .groupBy(["state", "overdue"])
          .execute();
        const counted = rows.map(
          ({ state, overdue, count }) => [Number(count), state, overdue ? "yes" : "no"] as const,
        );
        return withZeros(counted, TICKET_STATES, ["no", "yes"]);
      },
    },
    {
      kind: "gauge",
      name: "hotgrid_episodes",
      help: "Episodes by kind and status",
      labels: ["kind", "status"],
      read: async () => {
        const rows = await database
          .selectFrom("episodes")
          .select(["kind", "status", countAll().as("count")])
          .groupBy(["kind", "status"])
          .execute();
        const counted = rows.map(({ kind, status, count }) => [Number(count), kind, status] as const);
        return withZeros(counted, EPISODE_KINDS, Episode.shape.status.options);
      },
    },
    {
      kind: "gauge",
      name: "hotgrid_sensor_flags",
      help: "Sensors by observed property and by the quality flag that they have now (QARTOD)",
      labels: ["property", "flag"],
      read: async () => {
        const rows = await database
          .selectFrom("station_flags")
          .select(["observed_property", "flag", countAll().as("count")])
          .groupBy(["observed_property", "flag"])
          .execute();
        const counted = rows.map((row) => [Number(row.count), row.observed_property, FLAGS[row.flag]] as const);
        return withZeros(counted, [], Object.values(FLAGS));
      },
    },
  ];
};

export const notifierMetrics = (database: Kysely<Database>): readonly Metric[] => [
  {
    kind: "gauge",
    name: "hotgrid_notifications",
    help: "Messages of the last 90 days to receivers by state; failed: given up, a person must look",
    labels: ["receiver", "state"],
    read: async () => {
      const rows = await database
        .selectFrom("notification_messages")
        .select(["receiver", "state", database.fn.countAll().as("count")])
        .groupBy(["receiver", "state"])
        .execute();
      const counted = rows.map(({ receiver, state, count }) => [Number(count), receiver, state] as const);
      return withZeros(counted, [], NotificationMessageView.shape.state.options);
    },
  },
];
