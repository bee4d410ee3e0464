import { random } from "@hotgrid/detection/testing";
import { distanceMetres } from "@hotgrid/grid";

/** Something that burns; minutes of event time, from inclusive, to exclusive. */
export interface Fire {
  readonly lon: number;
  readonly lat: number;
  readonly from: number;
  readonly to: number;
}

interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** µg/m³ in the heart of the smoke, and the distance at which a third of it is left, m. Ours: a heap of straw. */
const [SMOKE, REACH_METRES] = [250, 1000];
/** Length of a run in event time, and when in it the two fires burn, minutes. Long enough that detection confirms each
 *  and sees it end, with readings before, between and after. */
export const RUN_MINUTES = 90;
const [FIRST, SECOND] = [
  { from: 8, to: 45 },
  { from: 35, to: 70 },
] as const;

/** Two fires, each in a quarter in which the run before had none, so that detection does not take it for the same one
 *  again; near a station that is drawn by the seed.
 *  @param index of the run */
export function firesOf(seed: number, quarters: readonly (readonly Place[])[], index: number): readonly Fire[] {
  const next = random(seed);
  const startMinute = index * RUN_MINUTES;
  return [FIRST, SECOND].map(({ from, to }, i) => {
    const places = quarters[(2 * index + i) % quarters.length] ?? [];
    const near = places[Math.floor(next() * places.length)] ?? { lon: 0, lat: 0 };
    // Some hundred metres to the side, in any direction.
    const [east, north] = [(next() - 0.5) * 0.006, (next() - 0.5) * 0.006];
    return { lon: near.lon + east, lat: near.lat + north, from: startMinute + from, to: startMinute + to };
  });
}

/** A calm background with a little noise, and smoke that comes in gusts, µg/m³. The same for the same arguments.
 *  @param index of the station, whose noise is its own */
export function airAt(place: Place, index: number, minute: number, fires: readonly Fire[]): Record<string, number> {
  const calm = 35 + 5 * Math.sin(minute / 180) + 3 * noise(index, minute);
  const gust = 0.8 + 0.25 * Math.sin(minute / 2.3 + index) + 0.1 * noise(index + 999, minute);
  const smoke = fires
    .filter(({ from, to }) => from <= minute && minute < to)
    .reduce((sum, fire) => sum + SMOKE * Math.exp(-((distanceMetres(place, fire) / REACH_METRES) ** 2)) * gust, 0);
  const pm25 = Math.round((calm + smoke) * 10) / 10;
  return { pm25, pm10: Math.round(pm25 * 14) / 10 };
}

/** 0 to 1. */
const noise = (a: number, b: number): number => Math.abs(Math.sin(a * 127.1 + b * 311.7) * 43_758.5453) % 1;
