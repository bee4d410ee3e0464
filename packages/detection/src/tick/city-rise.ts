import { median } from "../stats/median.ts";
import type { Frame } from "./frame.ts";

/** What the whole city shows of a property: looked for once in a tick, however many stations ask. */
export interface CityRise {
  /** Median of the stations' rises over their slow baselines, in the property's unit; NaN where nobody else is. */
  rise(own: number): number;
  /** How many times the neighbours' rise a station may show by mere unevenness. */
  unevenRatio(): number;
}

/** Below so many stations the one that asks is left out of the city: in a county of two it would be half of it. Ours. */
const SMALL_CITY = 20;
/** Stations that are asked at most: of a large city every so-manieth. Ours. */
const ASKED = 512;

export function cityRiseOf(frame: Frame): CityRise {
  let rise: number | undefined;
  let ratio: number | undefined;
  return {
    rise: (own) => {
      if (frame.columns.rise.length < SMALL_CITY) return median(risesOf(frame, 1, own));
      rise ??= median(risesOf(frame, 1));
      return rise;
    },
    unevenRatio: () => {
      ratio ??= unevenRatio(frame);
      return ratio;
    },
  };
}

const risesOf = ({ columns: c }: Frame, step: number, without = -1): number[] =>
  [...c.rise].filter((_, s) => s % step === 0 && s !== without && !Number.isNaN(c.median[s] as number));

/** Fireworks are everywhere, and nowhere the same; haze is nearly the same everywhere: 1 + k (P84 - P50) / P50 of the
 *  city's rises, regionalVetoRatio at most, which it also is while the city does not rise at all. */
function unevenRatio(frame: Frame): number {
  const { decision } = frame.rules;
  const rises = risesOf(frame, Math.max(1, Math.ceil(frame.columns.rise.length / ASKED))).sort((a, b) => a - b);
  const at = (share: number) => rises[Math.floor(share * rises.length)] ?? 0;
  const least = decision.riseShare * (frame.channels.rules[0]?.delta ?? Number.POSITIVE_INFINITY);
  if (!(at(0.5) > least)) return decision.regionalVetoRatio;
  return Math.min(decision.regionalVetoRatio, 1 + (decision.unevenFactor * (at(0.84) - at(0.5))) / at(0.5));
}
