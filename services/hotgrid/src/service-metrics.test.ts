import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, Unavailable } from "@hotgrid/runtime";
import type { Database } from "@hotgrid/store";
import { openTestDatabase } from "@hotgrid/store/testing";
import type { Kysely } from "kysely";
import { Registry } from "prom-client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addMetrics, type Metric } from "./add-metric.ts";
import { notifierMetrics, recorderMetrics, tableMetrics } from "./service-metrics.ts";

const log = createLog("test", "silent");
let folder: string;
let db: Kysely<Database>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-metrics-"));
  db = await openTestDatabase(join(folder, "hotgrid.sqlite"));
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true });
});

/** Lines of Prometheus' text without its comments. */
async function linesOf(registry: Registry): Promise<readonly string[]> {
  return (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

const gauge = (read: Metric["read"], name = "x"): Metric => ({ kind: "gauge", name, help: name, labels: ["a"], read });

test("tickets, episodes, flags and notifications are told by their states as they are when asked", async () => {
  const registry = new Registry();
  addMetrics(registry, log, [...tableMetrics(db), ...notifierMetrics(db)]);
  const told = async () => (await linesOf(registry)).filter((line) => !line.endsWith(" 0")).toSorted();
  expect(await told()).toEqual([]);
  const blank = { revision: 1, severity: "yellow", division: "330602001001", officer_id: "o", document: "{}" } as const;
  const times = { opened_at: 1, updated_at: 1, closed_at: null, inspection: null, open_place: null, place: "p" };
  const kind = "local" as const;
  await db
    .insertInto("tickets")
    .values([
      { id: "1", kind, state: "dispatched", overdue: 1, ...blank, ...times },
      { id: "2", kind, state: "dispatched", overdue: 0, ...blank, ...times },
      { id: "3", kind, state: "dispatched", overdue: 0, ...blank, ...times },
    ])
    .execute();
  const { revision, division, document } = blank;
  const episode = { id: "e", revision, division, document, kind, started_at: 1, confirmed_at: 2, ended_at: null };
  await db
    .insertInto("episodes")
    .values({ ...episode, status: "firing" })
    .execute();
  const flag = { station_id: "S1", tests: "[]", at: 1 };
  await db
    .insertInto("station_flags")
    .values({ ...flag, observed_property: "pm25", flag: 4 })
    .execute();
  const message = { id: "m", receiver: "chat", address: "a", attempts: 10, created_at: 1, next_at: 1, settled_at: 2 };
  await db
    .insertInto("notification_messages")
    .values({ ...message, state: "failed", document })
    .execute();
  expect(await told()).toEqual([
    'hotgrid_episodes{kind="local",status="firing"} 1',
    'hotgrid_notifications{receiver="chat",state="failed"} 1',
    'hotgrid_sensor_flags{property="pm25",flag="fail"} 1',
    'hotgrid_tickets{state="dispatched",overdue="no"} 2',
    'hotgrid_tickets{state="dispatched",overdue="yes"} 1',
  ]);
});

const COUNTERS = { stored: 0, duplicates: 0, expired: 0, deadLetters: { "not-json": 2 }, stationEvents: 0 } as const;

test("what nobody is in is told as 0, so that the first one is seen to come", async () => {
  const registry = new Registry();
  addMetrics(registry, log, [...tableMetrics(db), ...notifierMetrics(db), ...recorderMetrics(() => COUNTERS)]);
  const message = { id: "m", receiver: "chat", address: "a", attempts: 1, created_at: 1, next_at: 1, settled_at: 2 };
  await db
    .insertInto("notification_messages")
    .values({ ...message, state: "sent", document: "{}" })
    .execute();
  const lines = await linesOf(registry);
  expect(lines).toContain('hotgrid_notifications{receiver="chat",state="sent"} 1');
  expect(lines).toContain('hotgrid_notifications{receiver="chat",state="failed"} 0');
  expect(lines).toContain('hotgrid_tickets{state="dispatched",overdue="yes"} 0');
  expect(lines).toContain('hotgrid_episodes{kind="regional",status="firing"} 0');
  expect(lines).toContain('hotgrid_recorder_dead_letters_total{reason="not-json"} 2');
  expect(lines).toContain('hotgrid_recorder_dead_letters_total{reason="undecodable"} 0');
});

test("what can't be told now is left out, the rest is told", async () => {
  const registry = new Registry();
  let up = true;
  const passing = gauge(() => (up ? [[1, "b"]] : Promise.reject(new Unavailable("down"))), "passing");
  addMetrics(registry, log, [passing, gauge(() => [[2, "c"]])]);
  expect(await linesOf(registry)).toEqual(['passing{a="b"} 1', 'x{a="c"} 2']);
  up = false;
  expect(await linesOf(registry)).toEqual(['x{a="c"} 2']);
});

test("two scrapes at a time do not add up", async () => {
  const registry = new Registry();
  addMetrics(registry, log, [gauge(async () => [[3, "b"]])]);
  const both = await Promise.all([linesOf(registry), linesOf(registry)]);
  expect(both).toEqual([['x{a="b"} 3'], ['x{a="b"} 3']]);
});
