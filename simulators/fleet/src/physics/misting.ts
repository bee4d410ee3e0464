import type { Interference } from "../scenario.ts";

/** A mist cannon sprays for 25 of 40 minutes and reaches the inlet within 2. Ours, after practice at building sites. */
const CYCLE_MINUTES = 40;
const SPRAY_MINUTES = 25;
const ONSET_MINUTES = 2;

/** How much of the mist reaches the inlet in a minute of the scenario, 0 to 1. */
export function mistAt(interferences: readonly Interference[], minute: number): number {
  let mist = 0;
  for (const { from, to } of interferences) {
    if (minute < from * 60 || minute >= to * 60) continue;
    const phase = (minute - from * 60) % CYCLE_MINUTES;
    const onset = Math.min(1, (phase + 1) / ONSET_MINUTES);
    if (phase < SPRAY_MINUTES) mist = Math.max(mist, onset);
  }
  return mist;
}
