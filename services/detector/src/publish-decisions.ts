import type { Bus, Writer } from "@hotgrid/bus";
import { type CityCode, decidingReading, episodeEventKey, qualityEventKey, stationSubject } from "@hotgrid/contracts";
import type { Decisions } from "@hotgrid/detection";
import { type Log, type Trail, untilAvailable } from "@hotgrid/runtime";

/** Entries of one append; ours. A flag of every sensor of a large city comes at its first tick. */
const BATCH = 1000;

const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

export interface Publication {
  readonly bus: Bus;
  /** Of the city's episodes: only one instance has it. */
  readonly writer: Writer;
  readonly city: CityCode;
  readonly trail: Trail;
  /** When the batch that they come of was taken in hand, by wallTime(). */
  readonly from: number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Appends decisions durably, in order. An event carries its key, so that what is decided again after a crash is the
 *  same message. A log that can't take it is tried again until it can, or until the service stops. Throws Fenced where
 *  another instance has the city by now: nothing of it is written then. */
export async function publishDecisions(publication: Publication, decisions: Decisions): Promise<void> {
  const { city } = publication;
  const episodes = decisions.episodes.map((event) => ({
    data: encode(event),
    messageId: episodeEventKey(event),
  }));
  const quality = decisions.quality.map((event) => ({
    subject: stationSubject(city),
    data: encode(event),
    ...(event.kind === "quality" && { messageId: qualityEventKey(event) }),
  }));
  for (let i = 0; i < episodes.length; i += BATCH) {
    await persist(publication, () => publication.writer.append(episodes.slice(i, i + BATCH)));
  }
  tell(publication, decisions.episodes);
  // The gateway writes to the stations' subject, too: it can't be claimed, so that the claim is looked at before.
  if (quality.length > 0) await persist(publication, () => publication.writer.check());
  for (let i = 0; i < quality.length; i += BATCH) {
    await persist(publication, () => publication.bus.append("stations", quality.slice(i, i + BATCH)));
  }
}

function tell({ trail, from }: Publication, events: Decisions["episodes"]): void {
  for (const event of events) {
    const { id, kind, status, reason } = event.episode;
    const fields = { episode: id, revision: event.revision, kind, status, reason };
    trail.tell({ name: "decide", id: episodeEventKey(event), reading: decidingReading(event.episode), from, fields });
  }
}

async function persist({ log, signal }: Publication, append: () => Promise<unknown>): Promise<void> {
  await untilAvailable(append, signal, (err, pause) =>
    log.warn({ err, pause }, "the log can't take decisions, trying again"),
  );
}
