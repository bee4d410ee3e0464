/** The logs that a browser's stream resumes from. */
export const STREAM_LOGS = ["episodes", "tickets", "stations"] as const;
export type StreamLog = (typeof STREAM_LOGS)[number];

/** Per log the sequence number of the last message that the browser has had (0: none). */
export type StreamPosition = Readonly<Record<StreamLog, number>>;

const EVENT_ID = /^e(\d{1,15})-t(\d{1,15})-s(\d{1,15})$/;

/** The id of a server-sent event, which the browser gives back as Last-Event-ID. */
export const writePosition = (p: StreamPosition): string => `e${p.episodes}-t${p.tickets}-s${p.stations}`;

/** Null where the text is no id of ours. */
export function readPosition(eventId: string): StreamPosition | null {
  const match = EVENT_ID.exec(eventId);
  if (!match) return null;
  return { episodes: Number(match[1]), tickets: Number(match[2]), stations: Number(match[3]) };
}
