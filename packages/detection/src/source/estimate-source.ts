import type { SourceEstimate } from "@hotgrid/contracts";
import type { EpisodeRecord } from "../episodes/record.ts";
import { metresBetween } from "../episodes/witness.ts";
import { plumeConcentration, type Stability, sigmaY, sigmaZ, stabilityOf } from "../plume/pasquill-gifford.ts";
import { plumeAxes } from "../plume/plume-axes.ts";
import type { Channels } from "../state/network.ts";
import type { TickContext } from "../tick/context.ts";
import type { Cell } from "./cell.ts";
import { likelyPlaces } from "./likely-places.ts";
import { meanWind, type Wind, windAround } from "./wind.ts";

/** Increments are averaged in blocks of so many minutes: long enough to even out single gusts, short enough to see
 *  the wind turn. Ours. */
const BLOCK_MINUTES = 5;
/** Height of fires, heaps and outlets, m; ours. */
const SOURCE_HEIGHT = 3;
/** Height of a station's inlet, m; ours. */
const INLET_HEIGHT = 3;

interface Block {
  readonly wind: Wind;
  readonly stability: Stability;
  /** Square root of the mean increment of each station, NaN where it did not report. */
  readonly seen: Float64Array;
}

/** Where the source of a confirmed episode likely is: every 250 m cell around the hit stations is scored by how well
 *  a steady source there explains the last hour, zeros included. Null in calm or turning wind, where smoke goes where
 *  it likes, and where nobody measures the wind. */
export function estimateSource(context: TickContext, record: EpisodeRecord): SourceEstimate | null {
  const { network, rules } = context;
  const leader = network.indexOf.get(record.peakStation);
  const channels = network.channels.find((c) => c.property === record.property);
  if (leader === undefined || !channels) return null;
  const wind = windAround(context, leader);
  if (!wind || wind.speed < rules.source.calmMetresPerSecond) return null;
  if (wind.directionSpread > rules.source.widestSpreadDegrees) return null;
  const stations = witnesses(context, record, leader);
  const blocks = blocksOf(context, channels, stations, leader);
  const cells = cellsAround(context, leader);
  for (const cell of cells) cell.score = scoreOf(context, cell, stations, blocks);
  return likelyPlaces(context, cells);
}

/** The stations that were hit, and the nearest that were not. */
function witnesses(context: TickContext, record: EpisodeRecord, leader: number): number[] {
  const { network, rules } = context;
  const hit = record.stations.flatMap((id) => network.indexOf.get(id) ?? []);
  const others = network.stations
    .map((_, s) => s)
    .filter((s) => !hit.includes(s) && metresBetween(context, leader, s) <= 2 * rules.source.radiusMetres)
    .sort((a, b) => metresBetween(context, leader, a) - metresBetween(context, leader, b) || a - b);
  return [...hit, ...others.slice(0, rules.source.stations)];
}

function blocksOf(context: TickContext, channels: Channels, stations: readonly number[], leader: number): Block[] {
  const { history, tickMinutes } = context.work.shape;
  const size = Math.max(1, Math.round(BLOCK_MINUTES / tickMinutes));
  const window = Math.min(history, context.work.ticks(context.rules.source.windowMinutes));
  const blocks: Block[] = [];
  for (let to = context.tick; to > context.tick - window; to -= size) {
    const from = Math.max(to - size + 1, context.tick - window + 1);
    const wind = meanWind(context, leader, from, to);
    if (!wind || wind.speed < context.rules.source.calmMetresPerSecond / 2) continue;
    const seen = Float64Array.from(stations, (s) =>
      Math.sqrt(Math.max(0, meanIncrement(channels, s, from, to, history))),
    );
    blocks.push({ wind, stability: stabilityOf(wind.speed, context.hour), seen });
  }
  return blocks;
}

function meanIncrement(channels: Channels, s: number, from: number, to: number, history: number): number {
  let sum = 0;
  let n = 0;
  for (let tick = from; tick <= to; tick++) {
    const r = channels.columns.increments[s * history + (((tick % history) + history) % history)] as number;
    if (!Number.isNaN(r)) {
      sum += r;
      n++;
    }
  }
  return n === 0 ? Number.NaN : sum / n;
}

/** Cells within the radius of the station with the peak. */
function cellsAround(context: TickContext, leader: number): Cell[] {
  const { cellMetres: side, radiusMetres: radius } = context.rules.source;
  const { x, y } = context.network;
  const cells: Cell[] = [];
  const steps = Math.floor(radius / side);
  for (let i = -steps; i <= steps; i++) {
    for (let j = -steps; j <= steps; j++) {
      if (Math.hypot(i, j) * side > radius) continue;
      cells.push({ x: (x[leader] as number) + i * side, y: (y[leader] as number) + j * side, score: -1 });
    }
  }
  return cells;
}

/** Correlation of the square roots of increment and unit plume: a root evens out strength, and counts zeros. */
function scoreOf(context: TickContext, cell: Cell, stations: readonly number[], blocks: readonly Block[]): number {
  const { x, y } = context.network;
  const { windWidening, placeWideningMetres } = context.rules.source;
  let n = 0,
    sa = 0,
    sb = 0,
    saa = 0,
    sbb = 0,
    sab = 0;
  for (const block of blocks) {
    for (let i = 0; i < stations.length; i++) {
      const seen = block.seen[i] as number;
      if (Number.isNaN(seen)) continue;
      const s = stations[i] as number;
      const { along, across } = plumeAxes((x[s] as number) - cell.x, (y[s] as number) - cell.y, block.wind.direction);
      const root = along > 0 ? Math.sqrt(unitPlume(along, across, block, windWidening, placeWideningMetres)) : 0;
      n++;
      sa += seen;
      sb += root;
      saa += seen * seen;
      sbb += root * root;
      sab += seen * root;
    }
  }
  const va = saa * n - sa * sa;
  const vb = sbb * n - sb * sb;
  return va > 0 && vb > 0 ? (sab * n - sa * sb) / Math.sqrt(va * vb) : -1;
}

function unitPlume(along: number, across: number, block: Block, widening: number, place: number): number {
  const km = along / 1000;
  const spread = Math.hypot(sigmaY(block.stability, km), widening * along, place);
  const high = sigmaZ(block.stability, km);
  return plumeConcentration(1, block.wind.speed, across, INLET_HEIGHT, SOURCE_HEIGHT, spread, high);
}
