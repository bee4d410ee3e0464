import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatorReport } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { openBroker, readingsOf } from "./testing-broker.ts";

const START = "2026-11-22T20:00:00+08:00";
const SCENARIO = {
  name: "five",
  seed: 3,
  start: "2026-01-01T00:00:00+08:00",
  hours: 1,
  stations: Array.from({ length: 5 }, (_, i) => ({ id: `S${i}`, lon: 120.5, lat: 30 + 0.02 * i })),
  weather: [{ at: 0, windSpeed: 2, windDirection: 180 }],
};

/** Starts the program as `npm start` does, and gathers what it reports. */
async function start(secret: string, port: number, folder: string) {
  await writeFile(join(folder, "five.json"), JSON.stringify(SCENARIO));
  const lines = SCENARIO.stations.map(({ id }) => `${id},${secret}\n`).join("");
  await writeFile(join(folder, "credentials.csv"), `stationId,secret\n${lines}`);
  const child = fork(
    join(import.meta.dirname, "main.ts"),
    [
      ...["--mqtt-port", String(port), "--credentials", join(folder, "credentials.csv")],
      ...["--scenario", join(folder, "five.json"), "--seeds", join(import.meta.dirname, "../../../seeds/shaoxing")],
      ...["--warm-hours", "1", "--start", START],
    ],
    { stdio: ["ignore", "ignore", "ignore", "ipc"] },
  );
  const reports: SimulatorReport[] = [];
  child.on("message", (message) => reports.push(SimulatorReport.parse(message)));
  return { child, reports };
}

test("started by npm start it warms up, goes live, follows the clock it is told, and stops when told", async () => {
  const broker = await openBroker();
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-fleet-"));
  try {
    const { child, reports } = await start("secret", broker.port, folder);
    const exited = once(child, "exit");
    while (reports.at(-1)?.type !== "live") await once(child, "message");
    const live = Date.parse(START);
    expect(reports.at(-1)).toEqual({ type: "live", until: live });
    expect(reports.findLast((report) => report.type === "warming")).toEqual({ type: "warming", done: 1 });
    const history = readingsOf(broker.received).map(({ phenomenonTime }) => Date.parse(phenomenonTime));
    expect(Math.min(...history)).toBeLessThan(live - 58 * 60_000);
    expect(Math.max(...history)).toBeLessThan(live);
    child.send({ type: "clock", clock: { at: live, wallAt: Date.now(), speed: 600 } });
    const atLeast = history.length + 12;
    await broker.until((received) => readingsOf(received).length >= atLeast);
    expect(
      readingsOf(broker.received)
        .slice(history.length)
        .every((r) => Date.parse(r.phenomenonTime) >= live),
    ).toBe(true);
    child.send({ type: "stop" });
    expect(await exited).toEqual([0, null]);
    expect(broker.received.at(-1)?.text).toContain("offline");
  } finally {
    await broker.close();
    await rm(folder, { recursive: true });
  }
});

test("a gateway that refuses its stations is reported as the reason, without the secret", async () => {
  const broker = await openBroker();
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-fleet-"));
  try {
    const { child, reports } = await start("not-the-one", broker.port, folder);
    const [code] = await once(child, "exit");
    expect(code).toBe(1);
    expect(reports.at(-1)).toMatchObject({ type: "failed", reason: expect.stringMatching(/S\d.*Not authorized/) });
    expect(JSON.stringify(reports)).not.toContain("not-the-one");
  } finally {
    await broker.close();
    await rm(folder, { recursive: true });
  }
});
