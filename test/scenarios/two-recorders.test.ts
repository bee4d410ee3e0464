import { join } from "node:path";
import { type DistributedBus, encodeJson, openJetStreamBus } from "@hotgrid/bus";
import { type Reading, type ReadingsMessage, readingSubject } from "@hotgrid/contracts";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { openInfluxReadingStore, type ReadingStore } from "@hotgrid/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../harness/embedded.ts";
import { hasInflux, startInflux } from "../harness/servers/influx-server.ts";
import { hasNatsServer, startNatsServer } from "../harness/servers/nats-server.ts";
import { type ServiceProcess, startServiceProcess } from "../harness/service-process.ts";
import { smallCity } from "../harness/small-city.ts";

const CITY = "3306";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Thirty hours of a reading every ten minutes: two days, by the city's clock. */
const [HOURS, PER_HOUR] = [30, 6];
/** Midnight in the city. */
const START = Date.parse("2026-11-20T00:00:00+08:00");

let folder: ReturnType<typeof temporaryFolder>;
let bus: DistributedBus;
let readings: ReadingStore;
const closings: (() => unknown)[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  for (const close of closings.splice(0).toReversed()) await close();
  folder.remove();
});

describe.skipIf(!hasNatsServer() || !hasInflux())("two recorders (Debian packages nats-server, influxdb)", () => {
  test("have each reading stored once and every hour and day rolled up from all of them, though one is killed", {
    timeout: 400_000,
  }, async () => {
    const [nats, influx] = await Promise.all([
      startNatsServer(join(folder.path, "nats")),
      startInflux(join(folder.path, "influx")),
    ]);
    closings.push(() => Promise.all([nats.process.end("SIGKILL"), influx.process.end("SIGKILL")]));
    const { dir, seeds } = await smallCity(folder.path, 2, { lon: 120.58, lat: 30 });
    const env = { HOTGRID_NATS_SERVERS: nats.address, HOTGRID_INFLUX_URL: influx.url };
    const start = async (): Promise<ServiceProcess> => {
      const service = await startServiceProcess("recorder", { dataDir: join(folder.path, "data"), seedsDir: dir, env });
      closings.push(() => service.kill());
      return service;
    };
    const recorders = await Promise.all([start(), start()]);
    const settings = { servers: [nats.address], name: "test", replicas: 1 } as const;
    bus = await openJetStreamBus({ ...settings, clock: new SystemClock(), log: createLog("test", "silent") });
    closings.push(() => bus.close());
    readings = await openInfluxReadingStore({
      url: influx.url,
      database: "hotgrid",
      writeVersion: 1,
      utcOffset: "+08:00",
    });
    closings.push(() => readings.close());

    const stations = seeds.stations.map(({ id }) => id);
    const half = (HOURS / 2) * PER_HOUR;
    await append(stations, 0, half);
    await expect
      .poll(() => storedBy(recorders), { timeout: 60_000 })
      .toSatisfy((each: number[]) => each.some((stored) => stored > 0));
    const holder = (await storedBy(recorders)).findIndex((stored) => stored > 0);
    await append(stations, half, HOURS * PER_HOUR);
    await recorders[holder]?.kill();
    await expect.poll(() => bus.lag("readings", "recorder"), { timeout: 90_000 }).toBe(0);

    expect(await readings.count()).toBe(stations.length * HOURS * PER_HOUR);
    for (const stationId of stations) {
      expect(await counts(stationId, "1h")).toEqual(Array(HOURS).fill(PER_HOUR));
      expect(await counts(stationId, "1d")).toEqual([24 * PER_HOUR, (HOURS - 24) * PER_HOUR]);
    }
  });
});

/** A message for each reading, as a station sends what it has gathered while it was cut off. */
async function append(stations: readonly string[], from: number, to: number): Promise<void> {
  const messages = stations.flatMap((stationId) =>
    Array.from({ length: to - from }, (_, i): ReadingsMessage => {
      const phenomenonTime = START + (from + i) * (HOUR_MS / PER_HOUR);
      const reading: Reading = { stationId, phenomenonTime, resultTime: phenomenonTime, results: { pm25: 35 } };
      return { kind: "readings", city: CITY, readings: [reading] };
    }),
  );
  const entries = messages.map((message) => ({ subject: readingSubject(CITY), data: encodeJson(message) }));
  await bus.append("readings", entries);
}

/** Readings that each of them says it has stored. */
function storedBy(recorders: readonly ServiceProcess[]): Promise<number[]> {
  return Promise.all(
    recorders.map(async ({ ready }) => {
      const text = await (await fetch(`http://127.0.0.1:${ready.metrics}/metrics`)).text();
      return Number(/^hotgrid_recorder_readings_total\{outcome="stored"\} (\d+)$/m.exec(text)?.[1] ?? 0);
    }),
  );
}

async function counts(stationId: string, interval: "1h" | "1d"): Promise<readonly (number | null)[] | undefined> {
  const range = { from: START, to: START + 2 * 24 * HOUR_MS, limit: 100 };
  const query = { stationId, interval, ...range, properties: ["pm25"], statistic: "count" } as const;
  return (await readings.series(query)).properties.pm25;
}
