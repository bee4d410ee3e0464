import type { Reading } from "@hotgrid/contracts";
import type { Judged } from "./truth-index.ts";

/** What is compared with: rules that networks use today, told of each reading as the detector is. */
export interface Baseline {
  readonly name: string;
  take(reading: Reading): void;
  episodes(): Judged[];
}

/** Weight of a new minute in the short mean: about five minutes. */
const SHORT = 0.3;
/** Quiet time after which an alarm is over, ms: as the detector's. */
const OVER_AFTER_MS = 30 * 60_000;

interface Alarm {
  readonly stationId: string;
  readonly startedAt: number;
  lastHot: number;
}

/** Opens an alarm per station at its first hot minute, and closes it after 30 quiet ones. */
class AlarmBook {
  readonly #open = new Map<string, Alarm>();
  readonly #all: Alarm[] = [];

  note(stationId: string, at: number, hot: boolean): void {
    if (!hot) return;
    const open = this.#open.get(stationId);
    if (open && at - open.lastHot <= OVER_AFTER_MS) {
      open.lastHot = at;
      return;
    }
    const alarm = { stationId, startedAt: at, lastHot: at };
    this.#open.set(stationId, alarm);
    this.#all.push(alarm);
  }

  episodes(): Judged[] {
    return this.#all.map(({ stationId, startedAt, lastHot }) => ({
      kind: "local",
      stationIds: [stationId],
      startedAt,
      confirmedAt: startedAt,
      endedAt: lastHot + OVER_AFTER_MS,
      source: null,
    }));
  }
}

/** PM2.5 above 75 or PM10 above 150 µg/m³ in the short mean: the daily limits of GB 3095-2012, class 2, used as alarms. */
export function fixedLimits(): Baseline {
  const alarms = new AlarmBook();
  const means = { pm25: new Map<string, number>(), pm10: new Map<string, number>() };
  const mean = (property: "pm25" | "pm10", { stationId, results }: Reading): number => {
    const before = means[property].get(stationId);
    const value = results[property];
    const now = value === undefined ? (before ?? 0) : before === undefined ? value : before + SHORT * (value - before);
    means[property].set(stationId, now);
    return now;
  };
  return {
    name: "fixed 75/150",
    take: (reading) => {
      const hot = mean("pm25", reading) > 75;
      alarms.note(reading.stationId, reading.phenomenonTime, mean("pm10", reading) > 150 || hot);
    },
    episodes: () => alarms.episodes(),
  };
}

/** z > 3 of PM2.5 against the station's own past, with mean and variance forgetting over a day. */
export function ownHistory(): Baseline {
  const DAY = 1 / 1440;
  const LEARN_MINUTES = 360;
  const alarms = new AlarmBook();
  const states = new Map<string, { short: number; mean: number; variance: number; minutes: number }>();
  return {
    name: "own history z > 3",
    take: ({ stationId, phenomenonTime, results: { pm25 } }) => {
      if (pm25 === undefined) return;
      const state = states.get(stationId);
      if (!state) {
        states.set(stationId, { short: pm25, mean: pm25, variance: 25, minutes: 0 });
        return;
      }
      state.short += SHORT * (pm25 - state.short);
      const deviation = state.short - state.mean;
      const hot = state.minutes > LEARN_MINUTES && deviation > 3 * Math.sqrt(state.variance);
      alarms.note(stationId, phenomenonTime, hot);
      state.mean += DAY * deviation;
      state.variance += DAY * (deviation ** 2 - state.variance);
      state.minutes += 1;
    },
    episodes: () => alarms.episodes(),
  };
}
