import { type DistributedBus, openUnsettledLog, type UnsettledLog } from "@hotgrid/bus";
import { type CityCode, episodeSubject, STREAMS, type StreamKey, ticketSubject } from "@hotgrid/contracts";
import { type SnapshotStore, snapshotBlob, snapshotFile } from "@hotgrid/detector-service";
import { NOTIFIER_DELIVERY } from "@hotgrid/notifier-service";
import { SNAPSHOTS } from "../share-cities.ts";
import type { MoveProgress } from "./move-progress.ts";

export interface MovedStream {
  readonly stream: StreamKey;
  /** Messages that a consumer had not settled, and all after them. */
  readonly messages: number;
}

/** Messages of one append. Ours. */
const PAGE = 200;
const KEYS = Object.keys(STREAMS) as StreamKey[];

/** Moves what the consumers of an embedded log have not settled yet to JetStream, and what the detector has learned, with
 *  its position there. Whatever comes a second time by this changes nothing: see the consumers. */
export async function moveLog(
  files: { readonly log: string; readonly snapshot: string },
  bus: DistributedBus,
  city: CityCode,
  progress: MoveProgress,
): Promise<readonly MovedStream[]> {
  const log = openUnsettledLog(files.log);
  try {
    const snapshot = await snapshotFile(files.snapshot).read();
    const learnedUntil = snapshot?.position ?? 0;
    const startOf = (stream: StreamKey) =>
      stream === "readings" ? Math.min(log.from(stream), learnedUntil + 1) : log.from(stream);
    await begin(log, bus, progress);
    await prepareNotifier(log, bus, city);
    const moved: MovedStream[] = [];
    for (const stream of KEYS) moved.push({ stream, messages: await moveStream(log, bus, stream, startOf(stream)) });
    if (snapshot !== null) {
      let position = 0;
      for (const { seq } of log.messages("readings", startOf("readings"))) if (seq <= learnedUntil) position++;
      await writeSnapshot(snapshotBlob(await bus.blobs(SNAPSHOTS), city), { position, state: snapshot.state });
    }
    return moved;
  } finally {
    log.close();
  }
}

/** The notifier begins a new log at its end. Where there has been one, it goes on with what it has not taken, and gets what
 *  comes before its first start there. */
async function prepareNotifier(log: UnsettledLog, bus: DistributedBus, city: CityCode): Promise<void> {
  const subjects = { tickets: ticketSubject(city), episodes: episodeSubject(city) };
  for (const stream of ["tickets", "episodes"] as const) {
    const options = { ...NOTIFIER_DELIVERY, startAt: "first", subject: subjects[stream] } as const;
    if (log.isReadBy(stream, options.durable)) await bus.prepare(stream, options);
  }
}

/** Positions of an empty stream are counted from its beginning. */
async function begin(log: UnsettledLog, bus: DistributedBus, progress: MoveProgress): Promise<void> {
  const ends = Object.fromEntries(KEYS.map((stream) => [stream, log.lastSeq(stream)]));
  const begun = progress.now.log;
  if (begun !== null) {
    if (KEYS.every((stream) => begun[stream] === ends[stream])) return;
    throw new Error("迁移期间系统运行过 · the embedded system ran since the move began: begin anew with empty servers");
  }
  for (const stream of KEYS) {
    const { lastSeq } = await bus.info(stream);
    if (lastSeq > 0)
      throw new Error(`目标日志不是空的 · ${STREAMS[stream].name} of the target is not empty: ${lastSeq} messages`);
  }
  progress.note({ log: ends });
}

/** Goes on behind what an earlier run has appended, in the same order. */
async function moveStream(log: UnsettledLog, bus: DistributedBus, stream: StreamKey, from: number): Promise<number> {
  const { lastSeq: already } = await bus.info(stream);
  let seen = 0;
  let page: { subject: string; data: Uint8Array }[] = [];
  const flush = async () => {
    if (page.length > 0) await bus.append(stream, page);
    page = [];
  };
  for (const { subject, data } of log.messages(stream, from)) {
    seen++;
    if (seen > already) page.push({ subject, data });
    if (page.length === PAGE) await flush();
  }
  await flush();
  const { lastSeq } = await bus.info(stream);
  if (lastSeq === seen) return seen;
  throw new Error(`${STREAMS[stream].name}: ${seen} messages here, ${lastSeq} there: begin anew with empty servers`);
}

async function writeSnapshot(store: SnapshotStore, snapshot: Parameters<SnapshotStore["write"]>[0]): Promise<void> {
  // Read first: a run that was interrupted may have written it.
  await store.read();
  await store.write(snapshot);
}
