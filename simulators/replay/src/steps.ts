import { isoWithOffset, offsetOf, type Step } from "@hotgrid/fleet-simulator";
import type { RecordedReading } from "./formats/format.ts";

/** Length of a step: the allowed lateness of the watermark (architecture: default 2 min), ms. */
const STEP_MS = 120_000;

/** Gathers a recording into steps of event time that hold something. What sensors of one station measured at the same
 *  moment becomes one reading, since station and time identify it. A reading that comes after its step, because its file
 *  is out of order, goes with the step in hand: it is late, as it was. */
export async function* stepsOf(
  readings: AsyncIterable<RecordedReading>,
  stationIds: readonly string[],
  utcOffset: string,
): AsyncGenerator<Step> {
  const indexOf = new Map(stationIds.map((id, index) => [id, index]));
  const offsetMs = offsetOf(`Z${utcOffset}`);
  let until = Number.NEGATIVE_INFINITY;
  let inHand: RecordedReading[] = [];
  const step = (): Step => ({
    until,
    readings: inHand.map(({ stationId, time, results }) => {
      const station = indexOf.get(stationId);
      if (station === undefined) throw new Error(`station ${stationId} was not in the survey`);
      return { station, json: JSON.stringify({ phenomenonTime: isoWithOffset(time, offsetMs), results }) };
    }),
  });
  for await (const reading of readings) {
    if (reading.time >= until) {
      if (inHand.length > 0) yield step();
      until = (Math.floor(reading.time / STEP_MS) + 1) * STEP_MS;
      inHand = [];
    }
    if (!joined(inHand, reading)) inHand.push(reading);
  }
  if (inHand.length > 0) yield step();
}

/** Joins a reading to another of the same station and moment where they have no property in common: an exact repetition
 *  stays one, and is counted as a duplicate. */
function joined(inHand: RecordedReading[], reading: RecordedReading): boolean {
  const at = inHand.findLastIndex((other) => other.stationId === reading.stationId && other.time === reading.time);
  const other = inHand[at];
  if (!other || Object.keys(reading.results).some((property) => property in other.results)) return false;
  inHand[at] = { ...other, results: { ...other.results, ...reading.results } };
  return true;
}
