import { setImmediate } from "node:timers/promises";
import type { Clock } from "@hotgrid/runtime";
import { encodeReading } from "./mqtt/encode-reading.ts";
import type { Fleet } from "./mqtt/fleet.ts";
import { offsetOf, type World } from "./world.ts";

/** Publishes each reading when the clock reaches it, until `signal` aborts. A process that lags behind the clock catches
 *  up in order; it never runs ahead. */
export async function publishLive(world: World, fleet: Fleet, clock: Clock, signal: AbortSignal): Promise<void> {
  const offsetMs = offsetOf(world.scenario.start);
  try {
    for (let minute = 0; ; minute++) {
      await clock.until(world.start + minute * 60_000, signal);
      for (const reading of world.readingsAt(minute)) {
        if (reading.sentAt > clock.now()) await clock.until(reading.sentAt, signal);
        fleet.clients[reading.station]?.offer(encodeReading(reading, world.scenario.intervalSeconds, offsetMs));
      }
      // Far behind, no wait above gives the sockets their turn.
      await setImmediate();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
