import type { Bus } from "@hotgrid/bus";
import { createDetector, type Detector, type DetectorInput } from "@hotgrid/detection";
import { type Log, Unavailable } from "@hotgrid/runtime";
import type { SnapshotStore } from "./ports.ts";

export interface Opened {
  readonly detector: Detector;
  /** Last position of READINGS that the detector has seen. */
  readonly position: number;
}

/** The detector where its snapshot left it. A snapshot of other rules, another format, a damaged one, or one of
 *  another log is set aside, and history is replayed from what the log still has. */
export async function openDetector(
  input: DetectorInput,
  snapshots: SnapshotStore,
  bus: Bus,
  log: Log,
): Promise<Opened> {
  const { firstSeq, lastSeq } = await bus.info("readings");
  const fromTheStart = { position: Math.max(0, firstSeq - 1) };
  const detector = createDetector(input);
  try {
    const snapshot = await snapshots.read();
    if (!snapshot) return { detector, ...fromTheStart };
    if (snapshot.position > lastSeq) throw new Error(`it is ahead of the log (${snapshot.position} > ${lastSeq})`);
    const anew = detector.restore(snapshot.state);
    if (anew.length > 0) log.info({ stations: anew.length }, "stations start anew: they are new or were moved");
    if (snapshot.position + 1 < firstSeq) {
      log.warn({ position: snapshot.position, firstSeq }, "the log no longer has all that came since the snapshot");
    }
    return { detector, position: snapshot.position };
  } catch (err) {
    if (err instanceof Unavailable) throw err;
    const aside = await snapshots.setAside();
    log.warn({ err, place: snapshots.place, aside }, "snapshot can't be used, set aside; replaying the log");
    return { detector: createDetector(input), ...fromTheStart };
  }
}
