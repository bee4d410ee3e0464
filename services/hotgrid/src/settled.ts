import { setTimeout as pause } from "node:timers/promises";
import type { Bus } from "@hotgrid/bus";

/** Wall pause between two looks at the logs, ms. */
const LOOK_EVERY_MS = 50;

/** Resolves when every consumer has done with all that the logs hold: readings recorded and judged, episodes
 *  dispatched, dead letters listed. Looked at twice, since one consumer's work is the next one's input. */
export async function settled(bus: Bus, detector: { position(): number }): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const lags = await Promise.all([
      bus.lag("readings", "recorder"),
      bus.lag("deadLetters", "recorder"),
      bus.lag("stations", "recorder"),
      bus.lag("episodes", "dispatcher"),
    ]);
    const unread = (await bus.info("readings")).lastSeq - detector.position();
    quiet = unread <= 0 && lags.every((lag) => lag === 0) ? quiet + 1 : 0;
    await pause(LOOK_EVERY_MS);
  }
}
