import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type LogMessage, openSqliteBus, openUnsettledLog } from "@hotgrid/bus";
import { EpisodeEvent, type StreamKey, TicketEvent, ticketEventKey } from "@hotgrid/contracts";
import { snapshotFile, startDetector } from "@hotgrid/detector-service";
import { createGrid, distanceMetres } from "@hotgrid/grid";
import { createLog, SystemClock } from "@hotgrid/runtime";
import type { Seeds } from "@hotgrid/store";
import { afterEach, expect, test } from "vitest";
import { type Embedded, startEmbedded, temporaryFolder } from "../harness/embedded.ts";
import { freePorts } from "../harness/servers/free-ports.ts";
import { smallCity } from "../harness/small-city.ts";
import { type PublishedReading, StationClient } from "../harness/station-client.ts";
import { issueSecrets } from "../harness/station-secrets.ts";

const MINUTE_MS = 60_000;
/** Long enough for detection to have learned (12 h without tickets), with the fire in the last 50 minutes. */
const HISTORY_MINUTES = 13 * 60;
const FIRE_MINUTES = 50;
const FIRE = { lon: 120.58, lat: 30.03 };
/** Readings a message: no station runs ahead of the others by more than the allowed lateness of 2 min. */
const CHUNK = 2;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

test("after kill -9 under load every acknowledged reading is there once, no ticket is lost or doubled, and detection goes on where it was", async () => {
  const folder = temporaryFolder();
  cleanups.push(folder.remove);
  const { dir, seeds } = await smallCity(folder.path, 24, FIRE);
  const data = join(folder.path, "data");
  const secrets = await issueSecrets(folder.path, data, dir);
  const words = ["--no-simulator", "--seeds", dir];
  // Not one that is given to outgoing connections: while the system is down somebody else's could have it.
  const [mqtt = 0] = await freePorts(1);
  const again = () => startEmbedded({ dataDir: data, words: [...words, "--mqtt-port", `${mqtt}`] });
  let system = await again();
  cleanups.push(() => system.stop());
  const clients = await Promise.all(
    seeds.stations.map(({ id }) => StationClient.connect(system.mqtt, id, secrets.get(id) ?? "")),
  );
  for (const client of clients) cleanups.push(() => client.close());

  const start = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - HISTORY_MINUTES * MINUTE_MS;
  // Once early, once while the fire is being judged, once after the ticket.
  const kills = [100, HISTORY_MINUTES - FIRE_MINUTES + 10, HISTORY_MINUTES - 14];
  for (let minute = 0; minute < HISTORY_MINUTES; minute += CHUNK) {
    const round = clients.map((client, index) => client.publish(chunkOf(seeds, index, start, minute)));
    if (kills.some((kill) => minute <= kill && kill < minute + CHUNK)) {
      await system.kill();
      system = await again();
    }
    await Promise.all(round);
  }
  await quiet(system, data);
  for (const client of clients) await client.close();
  expect(await system.stop()).toBe(0);
  while (!(await isDone(data))) {
    system = await again();
    await quiet(system, data);
    expect(await system.stop()).toBe(0);
  }

  expectReadingsOnce(data, clients);
  await expectTicketsOnce(data);
  await expectSameDecisions(data, folder.path, seeds);
}, 400_000);

/** A calm background with a little noise, and near the fire, in its last minutes, smoke that comes in gusts. */
function chunkOf(seeds: Seeds, index: number, start: number, minute: number): PublishedReading[] {
  const station = seeds.stations[index];
  if (!station) throw new Error("no such station");
  const distance = distanceMetres(station, FIRE);
  return Array.from({ length: CHUNK }, (_, i) => minute + i).map((at) => {
    const calm = 35 + 5 * Math.sin(at / 180) + 3 * noise(index, at);
    const burning = at >= HISTORY_MINUTES - FIRE_MINUTES;
    const gust = 0.8 + 0.25 * Math.sin(at / 2.3 + index) + 0.1 * noise(index + 999, at);
    const smoke = burning ? 250 * Math.exp(-((distance / 1000) ** 2)) * gust : 0;
    const pm25 = Math.round((calm + smoke) * 10) / 10;
    return { phenomenonTime: start + at * MINUTE_MS, results: { pm25, pm10: Math.round(pm25 * 14) / 10 } };
  });
}

/** 0 to 1, the same for the same place and minute. */
const noise = (a: number, b: number): number => Math.abs(Math.sin(a * 127.1 + b * 311.7) * 43_758.5453) % 1;

/** Until the fire has its ticket, and readings, episodes and tickets have stopped changing, as it seems from outside: a
 *  process that does not get its turn for some seconds looks the same. */
async function quiet(system: Embedded, data: string): Promise<void> {
  let [last, same] = ["", 0];
  await expect
    .poll(
      () => {
        const tickets = rows(join(data, "hotgrid.sqlite"), "select count(*) n from tickets where kind = 'local'")[0];
        const now = JSON.stringify([
          rows(join(data, "readings.sqlite"), "select count(*) n from raw")[0],
          rows(join(data, "hotgrid.sqlite"), "select count(*) n, max(updated_at) u from tickets")[0],
          rows(join(data, "hotgrid.sqlite"), "select id, revision from episodes order by id"),
          rows(join(data, "hotgrid.sqlite"), "select count(*) n from outbox where sent_at is null")[0],
        ]);
        same = now === last && tickets?.["n"] !== 0 ? same + 1 : 0;
        last = now;
        return same;
      },
      { timeout: 120_000, interval: 500, message: `the system did not come to rest:\n${system.output()}` },
    )
    .toBeGreaterThan(8);
}

/** Whether a system that was stopped had read its logs to their ends, and told what it had to tell. */
async function isDone(data: string): Promise<boolean> {
  const log = openUnsettledLog(join(data, "log.sqlite"));
  const unsettled = (["readings", "episodes"] as const).filter((stream) => log.from(stream) <= log.lastSeq(stream));
  const last = log.lastSeq("readings");
  log.close();
  const learned = await snapshotFile(join(data, "detector.snapshot")).read();
  const untold = rows(join(data, "hotgrid.sqlite"), "select message_id from outbox where sent_at is null");
  return unsettled.length === 0 && learned?.position === last && untold.length === 0;
}

function rows(file: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

function expectReadingsOnce(data: string, clients: readonly StationClient[]): void {
  const file = join(data, "readings.sqlite");
  const sql = "select s.name station, r.at at, count(*) n from raw r join station s on s.id = r.station group by 1, 2";
  const stored = new Map(rows(file, sql).map((row) => [`${row["station"]}@${row["at"]}`, Number(row["n"])]));
  const acknowledged = clients.flatMap(({ stationId, acknowledged }) =>
    [...acknowledged].map((at) => `${stationId}@${at}`),
  );
  expect(acknowledged.length).toBe(clients.length * HISTORY_MINUTES);
  expect(acknowledged.filter((key) => !stored.has(key))).toEqual([]);
  expect([...stored.values()].filter((n) => n !== 1)).toEqual([]);
}

async function expectTicketsOnce(data: string): Promise<void> {
  const database = join(data, "hotgrid.sqlite");
  const tickets = rows(database, "select id, kind, revision from tickets where kind = 'local'");
  expect(tickets.length, "one fire, one ticket").toBe(1);
  const judged = rows(database, "select id from episodes where kind = 'local' and confirmed_at is not null");
  const linked = rows(database, "select episode_id, ticket_id from ticket_episodes");
  for (const { id } of judged)
    expect(linked.filter((link) => link["episode_id"] === id).length, `episode ${id}`).toBe(1);
  expect(rows(database, "select * from outbox where sent_at is null")).toEqual([]);

  const told = (await readAll(join(data, "log.sqlite"), "tickets")).map((message) =>
    ticketEventKey(decode(TicketEvent, message)),
  );
  expect(new Set(told).size, "told twice").toBe(told.length);
  const revisions = rows(database, "select id, revision from tickets").flatMap(({ id, revision }) =>
    Array.from({ length: Number(revision) }, (_, i) => `${id}#${i + 1}`),
  );
  expect(told.toSorted()).toEqual(revisions.toSorted());
}

/** The episodes of the thrice-killed system, byte for byte, are those of a detector that reads the same log in peace. */
async function expectSameDecisions(data: string, folder: string, seeds: Seeds): Promise<void> {
  const clock = new SystemClock();
  const log = createLog("chaos");
  const original = join(data, "log.sqlite");
  const bus = await openSqliteBus({ file: join(folder, "again.sqlite"), clock, log });
  cleanups.push(() => bus.close());
  const readings = await readAll(original, "readings");
  for (const { subject, data } of readings) await bus.append("readings", [{ subject, data }]);
  const detector = await startDetector({
    bus,
    city: seeds.city.code,
    grid: createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas }),
    stations: seeds.stations.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    rules: seeds.rules,
    snapshots: snapshotFile(join(folder, "again.snapshot")),
    clock,
    log,
  });
  await expect.poll(() => detector.position(), { timeout: 60_000 }).toBe(readings.length);
  await detector.close();
  const again = (await readAll(join(folder, "again.sqlite"), "episodes")).map(text);
  const killed = (await readAll(original, "episodes")).map(text);
  expect(killed.length).toBeGreaterThan(0);
  expect(killed).toEqual(again);
  expect(killed.some((line) => EpisodeEvent.parse(JSON.parse(line)).episode.confirmedAt !== null)).toBe(true);
}

const text = ({ data }: Pick<LogMessage, "data">): string => Buffer.from(data).toString();
const decode = <T>(schema: { parse(value: unknown): T }, message: LogMessage): T =>
  schema.parse(JSON.parse(text(message)));

async function readAll(file: string, stream: StreamKey): Promise<LogMessage[]> {
  const bus = await openSqliteBus({ file, clock: new SystemClock(), log: createLog("chaos") });
  const stop = new AbortController();
  const messages: LogMessage[] = [];
  try {
    const { lastSeq } = await bus.info(stream);
    if (lastSeq === 0) return messages;
    for await (const batch of bus.read(stream, { from: 1, batch: 1000 }, stop.signal)) {
      messages.push(...batch);
      if ((batch.at(-1)?.seq ?? 0) >= lastSeq) break;
    }
    return messages;
  } finally {
    stop.abort();
    await bus.close();
  }
}
