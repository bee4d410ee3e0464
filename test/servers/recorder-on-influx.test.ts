import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeJson, openSqliteBus } from "@hotgrid/bus";
import { type Reading, type ReadingsMessage, readingSubject } from "@hotgrid/contracts";
import { startRecorder } from "@hotgrid/recorder-service";
import { Closing, createLog, SystemClock, Unavailable } from "@hotgrid/runtime";
import { openDatabase, openInfluxReadingStore } from "@hotgrid/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hasInflux, startInflux, type TimeSeriesServer } from "../harness/servers/influx-server.ts";

const CITY = "3306";
const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 19, 16);

let folder: string;
let influx: TimeSeriesServer;
const closing = new Closing();
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-recorder-"));
  if (hasInflux()) influx = await startInflux(join(folder, "influx"));
});
afterEach(async () => {
  await closing.run();
  await influx?.process.end("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** One reading of each of ten stations. */
const message = (minute: number): ReadingsMessage => ({
  kind: "readings",
  city: CITY,
  readings: Array.from(
    { length: 10 },
    (_, i): Reading => ({
      ...{ stationId: `s${i}`, phenomenonTime: START + minute * MINUTE, resultTime: START },
      results: { pm25: minute % 50, noise: 50 },
    }),
  ),
});

test.skipIf(!hasInflux())(
  "while InfluxDB is down the log holds the readings; when it is back the recorder catches up, each reading once",
  { timeout: 240_000 },
  async () => {
    const [clock, log] = [new SystemClock(), createLog("recorder-test", "silent")];
    const bus = await openSqliteBus({ file: join(folder, "log.db"), clock, log });
    closing.add("bus", () => bus.close());
    const database = await openDatabase(join(folder, "hotgrid.db"));
    closing.add("database", () => database.destroy());
    const target = { url: influx.url, database: "air", writeVersion: 1, utcOffset: "+08:00" } as const;
    const readings = await openInfluxReadingStore(target);
    closing.add("readings", () => readings.close());
    const warned = vi.spyOn(log, "warn");
    const recorder = await startRecorder({ bus, readings, database, clock, log });
    closing.add("recorder", () => recorder.close());
    const publish = (from: number, to: number) =>
      bus.append(
        "readings",
        Array.from({ length: to - from }, (_, i) => ({
          subject: readingSubject(CITY),
          data: encodeJson(message(from + i)),
        })),
      );
    const settled = () => expect.poll(() => bus.lag("readings", "recorder"), { timeout: 100_000 }).toBe(0);

    await publish(0, 90);
    await settled();
    await influx.process.end("SIGKILL");
    await publish(90, 200);
    const postponed = [expect.objectContaining({ err: expect.any(Unavailable) }), "message not processed"];
    await expect.poll(() => warned.mock.calls, { timeout: 60_000 }).toContainEqual(postponed);
    await influx.process.start();
    await settled();
    expect(recorder.counters()).toMatchObject({ stored: 2000, duplicates: 0, expired: 0 });
    const query = { stationId: "s3", from: START, to: START + 200 * MINUTE, interval: "1h", limit: 9 } as const;
    const series = await readings.series({ ...query, properties: ["pm25"], statistic: "count" });
    expect(series.properties.pm25).toEqual([60, 60, 60, 20]);
    expect(await readings.count()).toBe(2000);
  },
);
