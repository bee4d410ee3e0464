import { expect, test } from "vitest";
import type { FaultKind } from "../scenario.ts";
import { runScenario, stationAt, stationGrid } from "../testing.ts";
import type { SimulatedReading } from "../world.ts";

const STATION = stationAt("HG-1", 120.5, 30.05);
const pm25 = (readings: readonly SimulatedReading[]) => readings.map((reading) => reading.results.pm25 ?? Number.NaN);
const range = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
const deviation = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};

/** Readings of the hour of the fault, and the same hour without it. */
function hourOf(kind: FaultKind) {
  const inHour = (readings: SimulatedReading[]) => readings.filter((r) => new Date(r.sentAt).getUTCHours() === 11);
  const fault = { station: "HG-1", kind, from: 1, to: 2 };
  return { sick: inHour(runScenario({ faults: [fault] }, [STATION])), well: inHour(runScenario({}, [STATION])) };
}

type Shows = (sick: readonly SimulatedReading[], well: readonly SimulatedReading[]) => boolean;
test.each<[FaultKind, Shows]>([
  ["flat-line", (sick) => range(pm25(sick)) === 0],
  ["stuck-high", (sick) => Math.min(...pm25(sick)) > 150 && deviation(pm25(sick)) < 5],
  [
    "spike",
    (sick, well) => Math.max(...pm25(sick)) > 250 && pm25(sick).filter((x) => x > 250).length < well.length / 3,
  ],
  ["drift", (sick, well) => (pm25(sick).at(-1) ?? 0) - (pm25(well).at(-1) ?? 0) > 3],
  ["noise", (sick, well) => deviation(pm25(sick)) > 5 * deviation(pm25(well))],
  ["dropout", (sick) => sick.length === 0],
  ["clock-skew", (sick) => sick.every((reading) => reading.phenomenonTime === reading.sentAt - 420_000)],
  ["negative", (sick) => Math.max(...pm25(sick)) < 0],
  ["duplicate", (sick, well) => sick.length === 2 * well.length && new Set(sick).size === well.length],
  ["fan-failure", (sick) => sick.every(({ results }) => results.pm25 === 999 && results.pm10 === 1999)],
  ["step", (sick, well) => Math.abs(Math.min(...pm25(sick)) - Math.min(...pm25(well)) - 45) < 0.2],
  ["zero", (sick) => Math.max(...pm25(sick)) === 0],
  ["erratic", (sick, well) => deviation(pm25(sick)) > 5 * deviation(pm25(well)) && Math.min(...pm25(sick)) >= 0],
  ["unit-swap", (sick, well) => sick.every(({ results }, i) => results.co === 1000 * (well[i]?.results.co ?? 0))],
  ["clock-jump", (sick) => sick.every((reading) => reading.phenomenonTime === reading.sentAt - 3_600_000)],
])("%s shows, and only in its time", (kind, shows) => {
  const { sick, well } = hourOf(kind);
  expect(shows(sick, well)).toBe(true);
  expect(shows(well, well)).toBe(false);
});

test.each([
  ["the next one of the list", undefined, "HG-2"],
  ["the one that the scenario names", "HG-3", "HG-3"],
])("a foreign feed sends the values of another station: %s", (_which, of, other) => {
  const fault = { station: "HG-1", kind: "foreign-feed", from: 0, to: 3, ...(of ? { of } : {}) };
  const readings = runScenario({ faults: [fault] }, stationGrid(2));
  const minutesOf = (id: string) =>
    new Map(readings.filter((r) => r.stationId === id).map((r) => [Math.floor(r.sentAt / 60_000), r.results]));
  const [mine, theirs] = [minutesOf("HG-1"), minutesOf(other)];
  const shared = [...mine.keys()].filter((minute) => theirs.has(minute));
  expect(shared.length).toBeGreaterThan(100);
  for (const minute of shared) expect(mine.get(minute)).toEqual(theirs.get(minute));
});

test("a station that sends nothing in milligrams takes its micrograms for them", () => {
  const station = { ...STATION, properties: ["pm25" as const] };
  const faults = [{ station: "HG-1", kind: "unit-swap", from: 0, to: 3 }];
  const [sick, well] = [runScenario({ faults }, [station]), runScenario({}, [station])];
  for (const [i, reading] of well.entries())
    expect(sick[i]?.results.pm25).toBeCloseTo((reading.results.pm25 ?? 0) / 1000, 4);
});

test("a fault of the optics leaves the thermometer and the other stations alone", () => {
  const faults = [{ station: "HG-1", kind: "stuck-high", from: 0, to: 3 }];
  const [sick, well] = [runScenario({ faults }, stationGrid(2)), runScenario({}, stationGrid(2))];
  for (const [i, reading] of well.entries()) {
    expect(sick[i]?.results.temperature).toBe(reading.results.temperature);
    if (reading.station !== 1) expect(sick[i]).toEqual(reading);
  }
});

test("misting raises the humidity and washes the particles out, again and again", () => {
  const interference = [{ station: "HG-1", kind: "misting", from: 1, to: 3 }];
  const [wet, dry] = [runScenario({ interference }, [STATION]), runScenario({}, [STATION])];
  const gap = (of: (r: SimulatedReading) => number) => wet.map((reading, i) => of(reading) - of(dry[i] ?? reading));
  const humidity = gap((reading) => reading.results.relativeHumidity ?? 0);
  const sprays = humidity.filter((rise, i) => rise > 10 && (humidity[i - 1] ?? 0) < 10).length;
  expect(sprays).toBe(3);
  expect(Math.min(...gap((reading) => reading.results.pm25 ?? 0))).toBeLessThan(-12);
});

test("trucks pass within three minutes, cooking stays below a case, fireworks are everywhere at once", () => {
  const stations = stationGrid(5);
  const quiet = runScenario({}, stations);
  const over = (nuisance: object, limit: number) => {
    const loud = runScenario({ nuisance: [{ from: 0, to: 3, ...nuisance }] }, stations);
    return stations.map((_, s) => {
      const base = pm25(quiet.filter((r) => r.station === s));
      return pm25(loud.filter((r) => r.station === s)).filter((value, i) => value - (base[i] ?? 0) > limit).length;
    });
  };
  const trucks = over({ kind: "trucks", perStationDay: 16 }, 15);
  expect(trucks.reduce((sum, minutes) => sum + minutes)).toBeGreaterThan(10);
  expect(Math.max(...trucks)).toBeLessThan(20);
  expect(Math.max(...over({ kind: "cooking", perStationDay: 5 }, 30))).toBe(0);
  expect(Math.min(...over({ kind: "fireworks" }, 30))).toBeGreaterThan(60);
});
