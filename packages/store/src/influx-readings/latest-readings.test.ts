import { expect, test } from "vitest";
import type { InfluxRow } from "./influx-connection.ts";
import { LatestReadings } from "./latest-readings.ts";

/** A server with one station, whose answers come when they are let go. */
function server() {
  const waiting: (() => void)[] = [];
  const state = { time: 1, away: false };
  const row = (): InfluxRow => ({ station: "a", time: state.time, fields: { readings: 1, pm25: state.time } });
  const query = async (statements: readonly string[]): Promise<readonly (readonly InfluxRow[])[]> => {
    await new Promise<void>((go) => waiting.push(go));
    if (state.away) throw new Error("away");
    return statements.map((statement) => (/FROM "?raw/.test(statement) ? [row()] : []));
  };
  /** Answers until nothing is asked any more. */
  const answer = async () => {
    for (let go = waiting.shift(); go; go = waiting.shift()) {
      go();
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    }
  };
  return { state, query, waiting, answer };
}

async function known() {
  const { state, query, waiting, answer } = server();
  const clock = { now: 0 };
  const latest = new LatestReadings({ query }, () => clock.now);
  const first = latest.get();
  await answer();
  expect((await first).get("a")).toEqual({ phenomenonTime: 1, results: { pm25: 1 } });
  return { latest, clock, state, waiting, answer };
}

test("who asks again within a second is answered without a question to the server", async () => {
  const { latest, clock, waiting } = await known();
  clock.now = 999;
  expect((await latest.get()).get("a")?.phenomenonTime).toBe(1);
  expect(waiting).toHaveLength(0);
});

test("who asks after some seconds doesn't wait: the next one gets what was read meanwhile", async () => {
  const { latest, clock, state, waiting, answer } = await known();
  clock.now = 5000;
  state.time = 2;
  expect((await latest.get()).get("a")?.phenomenonTime).toBe(1);
  await latest.get();
  expect(waiting).toHaveLength(1);
  await answer();
  expect((await latest.get()).get("a")).toEqual({ phenomenonTime: 2, results: { pm25: 2 } });
});

test("who asks after a long pause, or after a write, waits for what is true now", async () => {
  const { latest, clock, state, answer } = await known();
  for (const forget of [() => (clock.now += 60_000), () => latest.outdate()]) {
    forget();
    state.time += 1;
    const asked = latest.get();
    await answer();
    expect((await asked).get("a")?.phenomenonTime).toBe(state.time);
  }
});

test("a server that stays away is told once what is known is too old, and asked again", async () => {
  const { latest, clock, state, answer } = await known();
  state.away = true;
  clock.now = 5000;
  expect((await latest.get()).get("a")?.phenomenonTime).toBe(1);
  await answer();
  clock.now = 20_000;
  const asked = latest.get();
  const failed = expect(asked).rejects.toThrow("away");
  await answer();
  await failed;
  state.away = false;
  const again = latest.get();
  await answer();
  expect((await again).get("a")?.phenomenonTime).toBe(1);
});
