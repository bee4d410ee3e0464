import type { Episode, EpisodeEvent, Reading, Station } from "@hotgrid/contracts";
import type { Detector } from "./detector.ts";
import type { Geography } from "./geography.ts";

/** A tiny world for tests: stations on a jittered lattice, a daily cycle, slow weather, noise, fronts, and smoke as
 *  puffs that grow with the age of the smoke — not the steady plume that the detector inverts. */

/** Flat Earth good enough for a test. */
const LON = 120.5;
const LAT = 30;
const METRES_LON = 96_486;
const METRES_LAT = 111_195;

export const geography: Geography = {
  locate: (lon, lat) => {
    const i = Math.floor(((lon - LON) * METRES_LON) / 3000);
    const j = Math.floor(((lat - LAT) * METRES_LAT) / 3000);
    const town = `3306020${String(Math.abs(i * 7 + j) % 100).padStart(2, "0")}`;
    const village = `${town}001`;
    return { cells: [`500-${i}-${j}`, `3000-${i}-${j}`], village, town, county: "330602", city: "330600" };
  },
  nameOf: (code) => `区划${code}`,
};

/** mulberry32: a seeded generator, so that a failing test fails again. */
export function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Runs a detector over a stretch of the world and gives what it decided about episodes. */
export function decide(detector: Detector, world: World, from: number, to: number): EpisodeEvent[] {
  for (const reading of readings(world, from, to)) detector.ingest(reading);
  return detector.take().episodes;
}

/** The last state of every episode, in the order in which they were raised. */
export function episodesOf(events: readonly EpisodeEvent[]): Episode[] {
  return [...new Map(events.map((event) => [event.episode.id, event.episode])).values()];
}

export interface Fire {
  readonly east: number;
  readonly north: number;
  /** Minutes since the start of the world. */
  readonly from: number;
  readonly to: number;
  /** g/s of PM2.5. */
  readonly rate: number;
}

export interface World {
  readonly seed: number;
  readonly stations: readonly Station[];
  readonly startMs: number;
  readonly stepMinutes?: number;
  readonly fires?: readonly Fire[];
  /** Added to every station's background, µg/m³, by minute and place (metres). */
  readonly regional?: (minute: number, east: number, north: number) => number;
  /** What a broken or disturbed device makes of the true value. */
  readonly distort?: (stationId: string, minute: number, value: number) => number | null;
  readonly windSpeed?: number;
  readonly windFrom?: number;
}

/** side x side stations, `spacing` metres apart. */
export function lattice(side: number, spacing: number, intervalSeconds = 60): Station[] {
  const next = random(side * 1000 + spacing);
  return Array.from({ length: side * side }, (_, i) => {
    const east = ((i % side) + 0.3 * (next() - 0.5)) * spacing;
    const north = (Math.floor(i / side) + 0.3 * (next() - 0.5)) * spacing;
    const lon = LON + east / METRES_LON;
    const lat = LAT + north / METRES_LAT;
    return {
      id: `S-${String(i).padStart(3, "0")}`,
      name: `测试站${i}`,
      kind: "micro" as const,
      lon,
      lat,
      division: geography.locate(lon, lat)?.village ?? "330602000001",
      properties: ["pm25", "pm10", "no2", "windSpeed", "windDirection", "relativeHumidity"] as const,
      intervalSeconds,
    };
  }).map((station) => ({ ...station, properties: [...station.properties] }));
}

export const placeOf = (station: { lon: number; lat: number }) => ({
  east: (station.lon - LON) * METRES_LON,
  north: (station.lat - LAT) * METRES_LAT,
});

/** The readings of minutes [from, to), in the order in which they would arrive. */
export function* readings(world: World, from: number, to: number): Generator<Reading> {
  const step = world.stepMinutes ?? 1;
  const devices = world.stations.map((station, i) => deviceOf(world.seed, i, station));
  for (let minute = from; minute < to; minute += step) {
    const air = airAt(world, minute);
    for (const device of devices) {
      const reading = device.report(world, air, minute);
      if (reading) yield reading;
    }
  }
}

interface Air {
  readonly background: number;
  readonly speed: number;
  readonly windFrom: number;
}

/** Daily cycle, slow weather as a few incommensurable waves, and a wind that meanders. */
function airAt(world: World, minute: number): Air {
  const day = (2 * Math.PI * minute) / 1440;
  const phase = world.seed % 7;
  const slow = 5 * Math.sin(minute / 410 + phase) + 3 * Math.sin(minute / 173 + 2 * phase);
  const gust = Math.sin(minute / 9 + phase) + 0.6 * Math.sin(minute / 4.3 + 3 * phase);
  return {
    background: 38 + 8 * Math.cos(day - 1) + slow,
    speed: (world.windSpeed ?? 1.8) * (1 + 0.12 * gust),
    windFrom: (world.windFrom ?? 135) + 9 * gust + 6 * Math.sin(minute / 37),
  };
}

interface Device {
  report(world: World, air: Air, minute: number): Reading | null;
}

function deviceOf(seed: number, i: number, station: Station): Device {
  const next = random(seed * 7919 + i);
  const gain = 1 + 0.1 * normal(next);
  const base = 5 * normal(next);
  const second = Math.floor(next() * 55);
  const { east, north } = placeOf(station);
  return {
    report: (world, air, minute) => {
      const noise = random(seed * 104_729 + i * 15_485_863 + minute);
      if (noise() < 0.01) return null;
      const smoke = (world.fires ?? []).reduce((sum, fire) => sum + puffs(world, fire, minute, east, north), 0);
      const regional = world.regional?.(minute, east, north) ?? 0;
      const truth = Math.max(0, air.background + base + regional + smoke);
      const measured = Math.max(0, truth * gain * (1 + 0.05 * normal(noise)) + 1.5 * normal(noise));
      const pm25 = world.distort ? world.distort(station.id, minute, measured) : measured;
      if (pm25 === null) return null;
      const phenomenonTime = world.startMs + minute * 60_000 + second * 1000;
      return {
        stationId: station.id,
        phenomenonTime,
        resultTime: phenomenonTime + 800,
        results: {
          pm25: Math.round(pm25 * 10) / 10,
          pm10: Math.round(pm25 * 15 + 20 * noise()) / 10 + 4,
          no2: Math.round((30 + 6 * Math.cos(minute / 230) + 2 * normal(noise)) * 10) / 10,
          relativeHumidity: 70,
          windSpeed: Math.round(air.speed * (1 + 0.1 * normal(noise)) * 10) / 10,
          windDirection: Math.round(air.windFrom + 8 * normal(noise) + 360) % 360,
        },
      };
    },
  };
}

/** Smoke at a place: one puff a minute of the burning, each carried by the wind of the minutes since and grown by
 *  Taylor's theory (sigma = 0.4 m/s x t near, with the root of time far). */
function puffs(world: World, fire: Fire, minute: number, east: number, north: number): number {
  let sum = 0;
  const oldest = Math.max(fire.from, minute - 120);
  let x = 0;
  let y = 0;
  for (let born = minute; born >= oldest; born--) {
    const air = airAt(world, born);
    const toward = ((air.windFrom + 180) * Math.PI) / 180;
    x += 60 * air.speed * Math.sin(toward);
    y += 60 * air.speed * Math.cos(toward);
    if (born >= fire.to) continue;
    const age = (minute - born + 0.5) * 60;
    const side = (0.35 * age) / Math.sqrt(1 + age / 600) + 20;
    const high = (0.16 * age) / Math.sqrt(1 + age / 900) + 5;
    const away = ((fire.east + x - east) ** 2 + (fire.north + y - north) ** 2) / (2 * side * side);
    if (away > 12) continue;
    sum += ((fire.rate * 60 * 1e6) / ((2 * Math.PI) ** 1.5 * side * side * high)) * 2 * Math.exp(-away);
  }
  return sum;
}
