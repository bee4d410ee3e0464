import { readFileSync } from "node:fs";
import { type Bus, encodeJson } from "@hotgrid/bus";
import {
  type CityCode,
  type EpisodeEvent,
  type ReadingsMessage,
  readingSubject,
  type Station,
  type StreamKey,
} from "@hotgrid/contracts";
import { createDetector, parseRules } from "@hotgrid/detection";
import { lattice, placeOf, readings, type World } from "@hotgrid/detection/testing";
import { type Area, createGrid, type Grid } from "@hotgrid/grid";
import { gridGeography } from "./adapters/grid-geography.ts";

export const rules: unknown = JSON.parse(
  readFileSync(new URL("../../../seeds/shaoxing/rules.json", import.meta.url), "utf8"),
);

const square = (from: number, to: number): Area => ({
  type: "Polygon",
  coordinates: [
    [
      [from, 29.5],
      [to, 29.5],
      [to, 30.5],
      [from, 30.5],
      [from, 29.5],
    ],
  ],
});
const LEVELS = ["city", "county", "town", "village"] as const;
const START = Date.UTC(2026, 10, 20, 4);

/** A small city for the tests of this service: 25 stations, one village that holds them all, a fire. */
export interface TestCity {
  readonly code: CityCode;
  readonly grid: Grid;
  readonly stations: readonly Station[];
}

/** @param code four digits; the cities of two codes have nothing in common but their weather */
export function testCity(code: CityCode): TestCity {
  const codes = [`${code}00`, `${code}02`, `${code}02001`, `${code}02001001`];
  const grid = createGrid({
    city: `${code}00`,
    divisions: codes.map((division, i) => ({
      code: division,
      name: `区划${i}`,
      level: LEVELS[i] ?? "village",
      parent: codes[i - 1] ?? null,
      lon: 120.5,
      lat: 30,
      approximate: true,
    })),
    areas: new Map(codes.map((division) => [division, square(120, 121)])),
  });
  const here = (station: Station) => ({ ...station, id: `${code}-${station.id}`, division: `${code}02001001` });
  return { code, grid, stations: lattice(5, 2000).map(here) };
}

export const { grid, stations } = testCity("3306");

/** Fifteen hours, a message per minute, as the gateway would gather them. */
export function messages({ code, stations }: TestCity = testCity("3306")): ReadingsMessage[] {
  const list: ReadingsMessage[] = [];
  const middle = stations[12];
  if (!middle) throw new Error("the lattice has 25 stations");
  const struck = placeOf(middle);
  const fires = [{ east: struck.east + 500, north: struck.north - 500, from: 760, to: 820, rate: 8 }];
  const world: World = { seed: 3, stations, startMs: START, fires };
  for (let minute = 0; minute < 900; minute++) {
    list.push({ kind: "readings", city: code, readings: [...readings(world, minute, minute + 1)] });
  }
  return [...list, { kind: "clock", city: code, at: START + 905 * 60_000 }];
}

export async function fill(bus: Bus, list: readonly ReadingsMessage[]): Promise<void> {
  await bus.append(
    "readings",
    list.map((message) => ({ subject: readingSubject(message.city), data: encodeJson(message) })),
  );
}

/** What the core alone decides about the messages. */
export function decidedBy(
  list: readonly ReadingsMessage[],
  { code, grid, stations }: TestCity = testCity("3306"),
): EpisodeEvent[] {
  const detector = createDetector({
    city: `${code}00`,
    utcOffset: "+08:00",
    stations,
    rules: parseRules(rules),
    geography: gridGeography(grid),
  });
  for (const message of list) {
    if (message.kind === "clock") detector.clock(message.at);
    else for (const reading of message.readings) detector.ingest(reading);
  }
  while (detector.locate());
  return detector.take().episodes;
}

/** Everything that a stream holds, as text. */
export async function contents(bus: Bus, stream: StreamKey): Promise<string[]> {
  const { lastSeq } = await bus.info(stream);
  const texts: string[] = [];
  if (lastSeq === 0) return texts;
  for await (const batch of bus.read(stream, { from: 1, batch: 1000 }, new AbortController().signal)) {
    for (const message of batch) texts.push(Buffer.from(message.data).toString());
    if ((batch.at(-1)?.seq ?? 0) >= lastSeq) break;
  }
  return texts;
}
