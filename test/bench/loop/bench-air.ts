import type { Reading, Station } from "@hotgrid/contracts";

const MINUTE_MS = 60_000;
/** Seconds within the minute at which stations measure; prime, so that neighbours differ. */
const SECONDS = 47;
/** The bench publishes what was measured so long ago, min: nothing comes from the future however fast it is told, and the
 *  gateway's clock says nothing about such a network (detector: TRUSTED_DELAY). */
export const BEHIND_MINUTES = 60;

/** What a bench makes of the air at a station, µg/m³ of PM2.5, by minute; the calm value comes in. */
export type Happening = (station: number, minute: number, calm: number) => number;
export const CALM: Happening = (_station, _minute, calm) => calm;

/** A number in [0, 1) that is always the same for a station and a minute (mix of xxHash's constants). */
function noise(station: number, minute: number): number {
  let h = Math.imul(station + 1, 0x9e3779b1) ^ Math.imul(minute, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}

/** One station's reading of one minute since the epoch: slow common air, a station's own level, some noise, and what the
 *  bench wants. Deterministic. */
export function airReading(station: Station, index: number, minute: number, happening: Happening): Reading {
  const own = noise(index, 0) * 6;
  const calm = 36 + 5 * Math.sin(minute / 211) + own + 3 * (noise(index, minute) - 0.5);
  const pm25 = Math.round(happening(index, minute, calm) * 10) / 10;
  const phenomenonTime = minute * MINUTE_MS + (index % SECONDS) * 1000;
  const all = {
    pm25,
    pm10: Math.round(16 * pm25 + 20 * noise(index + 1, minute)) / 10,
    relativeHumidity: 60 + Math.round(4 * noise(index, minute + 1)),
    windSpeed: 2 + Math.round(5 * noise(index, minute + 2)) / 10,
    windDirection: 130 + Math.round(12 * noise(index, minute + 3)),
  };
  const measured = Object.entries(all).filter(([name]) => station.properties.some((property) => property === name));
  return {
    stationId: station.id,
    phenomenonTime,
    resultTime: phenomenonTime + BEHIND_MINUTES * MINUTE_MS,
    results: Object.fromEntries(measured),
  };
}
