import { isoWithOffset, type SimulatedReading } from "../world.ts";

/** The payload of one reading. `seq` counts intervals since 1970, so that it goes on where it was after a restart. */
export function encodeReading(reading: SimulatedReading, intervalSeconds: number, offsetMs: number): string {
  const { phenomenonTime, sentAt, results } = reading;
  const seq = Math.floor(sentAt / (intervalSeconds * 1000));
  return JSON.stringify({ phenomenonTime: isoWithOffset(phenomenonTime, offsetMs), seq, results });
}
