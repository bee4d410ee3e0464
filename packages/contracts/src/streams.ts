import { deadLetterSubject } from "./dead-letter.ts";
import { episodeSubject } from "./episode.ts";
import { readingSubject } from "./reading.ts";
import { stationSubject } from "./station.ts";
import { ticketSubject } from "./ticket.ts";

const DAY_MS = 86_400_000;

export interface StreamDefinition {
  readonly name: string;
  /** Every subject of the stream starts with this token. */
  readonly subject: string;
  /** How long messages are kept, ms. Ours: long enough to catch up after a long weekend, short enough for a disk. */
  readonly maxAgeMs: number;
  /** Window in which a second append with the same message id is ignored, ms. */
  readonly duplicateWindowMs: number;
}

/** The logs. All services name them through this table and nothing else. */
export const STREAMS = {
  readings: { name: "READINGS", subject: "readings", maxAgeMs: 7 * DAY_MS, duplicateWindowMs: 0 },
  stations: { name: "STATIONS", subject: "stations", maxAgeMs: 30 * DAY_MS, duplicateWindowMs: 7 * DAY_MS },
  episodes: { name: "EPISODES", subject: "episodes", maxAgeMs: 90 * DAY_MS, duplicateWindowMs: 7 * DAY_MS },
  tickets: { name: "TICKETS", subject: "tickets", maxAgeMs: 90 * DAY_MS, duplicateWindowMs: 7 * DAY_MS },
  deadLetters: { name: "DEADLETTERS", subject: "deadletters", maxAgeMs: 90 * DAY_MS, duplicateWindowMs: DAY_MS },
} as const satisfies Record<string, StreamDefinition>;
export type StreamKey = keyof typeof STREAMS;

export const subjects = {
  readings: readingSubject,
  stations: stationSubject,
  episodes: episodeSubject,
  tickets: ticketSubject,
  deadLetters: deadLetterSubject,
} as const;
