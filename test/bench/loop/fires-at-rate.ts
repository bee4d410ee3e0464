import type { Happening } from "./bench-air.ts";
import { type ListenedSystem, packetOf } from "./bench-system.ts";
import { wallNow } from "./message-endpoint.ts";

/** Rules by which one station's smoke is one episode, without waiting for a second: so that enough of them can be decided
 *  in minutes. */
export const LONELY_FIRES = {
  decision: { agreeMetres: 100, floodHoldMinutes: 0, openHotMinutes: 1, holdHotMinutes: 1 },
};
/** First fire, minutes after the start, and how long each lasts. */
export const CALM_MINUTES = 3;
export const SMOKE_MINUTES = 6;
/** Prime, so that stations that burn together are far from each other. */
const STRIDE = 7919;
const SEND_EVERY_MS = 5;

/** From `start` on, some stations more burn each minute, strong enough to be red, gusty enough to be believed. */
export function fires(count: number, perMinute: number, start: number): Happening {
  const turn = new Map(Array.from({ length: count }, (_, k) => [(k * STRIDE) % count, Math.floor(k / perMinute)]));
  return (station, minute, calm) => {
    const since = minute - start - (turn.get(station) ?? 0);
    const gust = ((station * 7 + minute * 3) % 5) / 5;
    return since >= 0 && since < SMOKE_MINUTES ? calm + 180 + 80 * gust : calm;
  };
}

/** Every reading at its time, `rate` of them a second; when each was sent, by minute and station, epoch ms. The map fills
 *  while they are sent. */
export async function publishAtRate(
  { stations, fleet }: ListenedSystem,
  rate: number,
  { from, to }: { readonly from: number; readonly to: number },
  happening: Happening,
  sent = new Map<number, Float64Array>(),
): Promise<Map<number, Float64Array>> {
  const began = performance.now();
  const total = (to - from) * stations.length;
  for (let n = 0; n < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate) + 1);
    for (; n < due; n++) {
      const minute = from + Math.floor(n / stations.length);
      const i = n % stations.length;
      const station = stations[i];
      if (!station) continue;
      const packet = packetOf(fleet, station, i, minute, happening);
      const times = sent.get(minute) ?? new Float64Array(stations.length);
      sent.set(minute, times);
      times[i] = wallNow();
      fleet.send(i, packet);
    }
    await new Promise((resolve) => setTimeout(resolve, SEND_EVERY_MS));
  }
  await fleet.acknowledged();
  return sent;
}
