import { decodePublish } from "./decode-publish.ts";
import type { TimeBounds } from "./phenomenon-time.ts";
import { type AcceptedReading, plainReading } from "./plain-reading.ts";
import type { RefusedPart } from "./refused-part.ts";

/** What becomes of one publish of a station. */
export interface JudgedPublish {
  readonly accepted: readonly AcceptedReading[];
  readonly refused: readonly RefusedPart[];
  /** Names that were kept out of readings that were taken. */
  readonly unknown: readonly string[];
  /** Readings that the message had, usable or not. */
  readonly count: number;
}

const NOTHING: readonly never[] = [];

/** The plain publish by the short way, every other by the schema: both come to the same, as a test holds. */
export function judgePublish(stationId: string, payload: Buffer, bounds: TimeBounds): JudgedPublish {
  const plain = plainReading(stationId, payload, bounds);
  if (plain) return { accepted: [plain], refused: NOTHING, unknown: NOTHING, count: 1 };
  const { readings, ...others } = decodePublish(stationId, payload, bounds);
  const accepted = readings.map((reading) => ({
    stationId,
    phenomenonTime: reading.phenomenonTime,
    text: JSON.stringify(reading),
  }));
  return { accepted, ...others };
}
