import { encodeReading } from "./mqtt/encode-reading.ts";
import type { Fleet } from "./mqtt/fleet.ts";
import { publishInStep, type Step } from "./mqtt/in-step.ts";
import { offsetOf, type World } from "./world.ts";

/** Length of a step, minutes: the allowed lateness of the watermark (architecture: default 2 min). */
const STEP_MINUTES = 2;

/** Publishes the history before the world's start. Resolves when all of it has its PUBACK. */
export async function warmUp(world: World, fleet: Fleet, onProgress: (done: number) => void): Promise<void> {
  if (world.firstMinute >= 0) return;
  await publishInStep(fleet.clients, history(world), ({ until }) => {
    onProgress(1 - (world.start - until) / (-world.firstMinute * 60_000));
  });
}

function* history(world: World): Generator<Step> {
  const offsetMs = offsetOf(world.scenario.start);
  const { intervalSeconds } = world.scenario;
  for (let minute = world.firstMinute; minute < 0; minute += STEP_MINUTES) {
    const end = Math.min(0, minute + STEP_MINUTES);
    const readings = [];
    for (let m = minute; m < end; m++) {
      for (const reading of world.readingsAt(m)) {
        readings.push({ station: reading.station, json: encodeReading(reading, intervalSeconds, offsetMs) });
      }
    }
    yield { until: world.start + end * 60_000, readings };
  }
}
