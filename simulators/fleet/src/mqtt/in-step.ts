import { READINGS_PER_MESSAGE } from "@hotgrid/contracts";
import type { StationClient } from "./station-client.ts";

/** A reading ready to go. */
export interface Encoded {
  /** Index into the clients. */
  readonly station: number;
  /** JSON object of the MQTT payload. */
  readonly json: string;
}

/** What all stations measured within a stretch of event time no longer than the allowed lateness. */
export interface Step {
  /** End of the stretch, epoch ms. */
  readonly until: number;
  readonly readings: readonly Encoded[];
}

/** Publishes history at full speed in lockstep: a step begins when every reading of the one before has its PUBACK, so
 *  that no station runs ahead of the others by more than a step, which the gateway's watermark would rightly call late.
 *  While one step waits for its PUBACKs, the next is being made. */
export async function publishInStep(
  clients: readonly StationClient[],
  steps: Iterable<Step> | AsyncIterable<Step>,
  onStep: (step: Step) => void | Promise<void>,
): Promise<void> {
  let sent: { step: Step; acknowledged: Promise<unknown> } | null = null;
  for await (const step of steps) {
    if (sent) {
      await sent.acknowledged;
      await onStep(sent.step);
    }
    const acknowledged = Promise.all(messagesOf(step).map(([station, jsons]) => publish(clients, station, jsons)));
    // A failure is thrown by the await above or below; until then it must not count as unhandled.
    acknowledged.catch(() => undefined);
    sent = { step, acknowledged };
  }
  if (!sent) return;
  await sent.acknowledged;
  await onStep(sent.step);
}

function messagesOf(step: Step): [station: number, jsons: string[]][] {
  const byStation = Map.groupBy(step.readings, (reading) => reading.station);
  return [...byStation].map(([station, readings]) => [station, readings.map((reading) => reading.json)]);
}

async function publish(clients: readonly StationClient[], station: number, jsons: string[]): Promise<void> {
  const client = clients[station];
  if (!client) throw new RangeError(`no client for station ${station}`);
  for (let from = 0; from < jsons.length; from += READINGS_PER_MESSAGE) {
    await client.publish(jsons.slice(from, from + READINGS_PER_MESSAGE));
  }
}
