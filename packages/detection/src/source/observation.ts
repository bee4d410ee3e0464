import { PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import type { EpisodeRecord } from "../episodes/record.ts";
import { metresBetween } from "../episodes/witness.ts";
import { type Stability, stabilityOf } from "../plume/pasquill-gifford.ts";
import type { Channels } from "../state/network.ts";
import type { TickContext } from "../tick/context.ts";
import { slotOf } from "../tick/frame.ts";
import { meanWind } from "./wind.ts";

/** A station that saw, or did not see, the smoke. Metres from the station with the peak. */
export interface Receptor {
  readonly x: number;
  readonly y: number;
  /** Belongs to the episode. */
  readonly hit: boolean;
  /** Mean increment of each block, newest first, µg/m³; NaN where it did not report. */
  readonly seen: Float64Array;
  /** What an innocent increment may be, µg/m³. */
  readonly sigma: number;
}

/** The air's way, tick by tick, oldest first. m/s, towards east and north. */
export interface WindPath {
  readonly east: Float64Array;
  readonly north: Float64Array;
  readonly stability: readonly Stability[];
  /** Length of a tick, s. */
  readonly seconds: number;
}

/** What a source is inferred from; knows nothing of the detector. */
export interface Observation {
  readonly receptors: readonly Receptor[];
  readonly path: WindPath;
  /** Ticks in a block. */
  readonly blockTicks: number;
}

/** What the last hour showed around the station with the peak, null where nobody measured the wind. */
export function observe(
  context: TickContext,
  record: EpisodeRecord,
  channels: Channels,
  leader: number,
): Observation | null {
  const { work, rules, network } = context;
  const { history, tickMinutes } = work.shape;
  const ticks = Math.min(history, work.ticks(rules.source.windowMinutes));
  const path = windPath(context, leader, ticks);
  if (!path) return null;
  const blockTicks = Math.max(1, Math.round(rules.source.blockMinutes / tickMinutes));
  const micrograms = PROPERTY_DEFINITIONS[channels.property].unit === "mg/m³" ? 1000 : 1;
  const receptors = witnesses(context, record, leader).map(({ station, hit }) => ({
    x: (network.x[station] as number) - (network.x[leader] as number),
    y: (network.y[station] as number) - (network.y[leader] as number),
    hit,
    seen: Float64Array.from({ length: Math.ceil(ticks / blockTicks) }, (_, block) => {
      const newest = context.tick - block * blockTicks;
      const oldest = Math.max(newest - blockTicks, context.tick - ticks) + 1;
      return micrograms * meanIncrement(channels, station, oldest, newest, history);
    }),
    sigma: micrograms * (channels.columns.sigma[station] as number),
  }));
  return { receptors, path, blockTicks };
}

/** The stations that were hit and the nearest that were not: zeros tell where the source is not. */
function witnesses(context: TickContext, record: EpisodeRecord, leader: number): { station: number; hit: boolean }[] {
  const { network, rules } = context;
  const hits = new Set(record.stations.map((id) => network.indexOf.get(id)));
  const near = network.stations
    .map((_, station) => ({ station, hit: hits.has(station), metres: metresBetween(context, leader, station) }))
    .filter(({ metres }) => metres <= 2 * rules.source.radiusMetres)
    .sort((a, b) => a.metres - b.metres || a.station - b.station);
  const nearest = (hit: boolean) => near.filter((other) => other.hit === hit).slice(0, rules.source.stations);
  return [...nearest(true), ...nearest(false)];
}

function meanIncrement({ columns }: Channels, s: number, from: number, to: number, history: number): number {
  let sum = 0;
  let n = 0;
  for (let tick = from; tick <= to; tick++) {
    const increment = columns.increments[s * history + slotOf(tick, history)] as number;
    if (Number.isNaN(increment)) continue;
    sum += increment;
    n++;
  }
  return n === 0 ? Number.NaN : sum / n;
}

/** The wind around a station in each of the last ticks; where nobody measured it, that of the tick before. */
function windPath(context: TickContext, leader: number, ticks: number): WindPath | null {
  const winds = Array.from({ length: ticks }, (_, i) => {
    const tick = context.tick - ticks + 1 + i;
    return meanWind(context, leader, tick, tick);
  });
  let last = winds.find((wind) => wind !== null);
  if (!last) return null;
  const east = new Float64Array(ticks);
  const north = new Float64Array(ticks);
  const stability = winds.map((wind, i) => {
    last = wind ?? last;
    const { speed, direction } = last ?? { speed: 0, direction: 0 };
    east[i] = -speed * Math.sin((direction * Math.PI) / 180);
    north[i] = -speed * Math.cos((direction * Math.PI) / 180);
    return stabilityOf(speed, context.hour);
  });
  return { east, north, stability, seconds: context.work.shape.tickMs / 1000 };
}
