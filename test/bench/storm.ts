import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { type Bus, encodeJson, openSqliteBus } from "@hotgrid/bus";
import { type Episode, type EpisodeEvent, episodeEventKey, episodeSubject } from "@hotgrid/contracts";
import { startDispatcher } from "@hotgrid/dispatcher-service";
import { createGrid } from "@hotgrid/grid";
import { startNotifier } from "@hotgrid/notifier-service";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { openDatabase, readSeeds, type Seeds, seedDatabase } from "@hotgrid/store";
import { testEpisode } from "@hotgrid/tickets/testing";
import { isIdle } from "../harness/is-idle.ts";
import type { BenchResult } from "./detector.ts";

const SEEDS = resolve(import.meta.dirname, "../../seeds/shaoxing");

/** Every station of a city fires in the same minute: seconds until each ticket or notice is settled and told, what was
 *  sent, and how long the process answered nobody else meanwhile. */
export async function benchStorm(): Promise<BenchResult[]> {
  const seeds = await readSeeds(SEEDS);
  return [
    await storm("storm: 300 stations", seeds, 300, false),
    await storm("storm: 3,000 stations", seeds, 3000, false),
    await storm("storm: 300 stations under a regional notice", seeds, 300, true),
  ];
}

async function storm(name: string, seeds: Seeds, stations: number, underNotice: boolean): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-storm-"));
  const clock = new SystemClock();
  const log = createLog("storm", "silent");
  const database = await openDatabase(join(folder, "hotgrid.db"));
  await seedDatabase(database, seeds);
  const bus = await openSqliteBus({ file: join(folder, "log.db"), clock, log });
  const grid = createGrid({ city: seeds.city.code, divisions: seeds.divisions, areas: seeds.areas });
  const common = { bus, city: "3306", database, grid, clock, log, utcOffset: seeds.city.utcOffset };
  let messages = 0;
  const send = async () => {
    messages++;
    return "taken";
  };
  const facts = { division: seeds.city.code, limit: null, knowsTwins: true, send, close: () => undefined };
  const receivers = [
    { ...facts, id: "sms", audiences: ["officers", "supervisors"], reaches: "phone" as const },
    { ...facts, id: "chat", audiences: ["notices"], reaches: "place" as const },
  ];
  // Nobody waits for others here: what is measured is the work, not the pause.
  const rules = { ...Object(seeds.notification), groupWaitSeconds: { red: 0, orange: 0, yellow: 0 }, quietHours: [] };
  const dispatcher = await startDispatcher({ ...common, policy: seeds.policy, routing: seeds.routing });
  const notifier = await startNotifier({ ...common, rules, receivers, console: null });
  const ids = Array.from({ length: stations }, (_, n) => `S${n}`);
  if (underNotice) await append(bus, [notice(ids, seeds, clock.now())]);
  const idle = async () => isIdle(database, bus, clock.now());
  while (!(await idle())) await new Promise((done) => setTimeout(done, 5));

  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  await append(bus, fires(ids, seeds, clock.now(), underNotice ? "yellow" : "red"));
  while (!(await idle())) await new Promise((done) => setTimeout(done, 20));
  const seconds = (performance.now() - started) / 1000;
  delay.disable();
  const { count } = await database
    .selectFrom("tickets")
    .select((e) => e.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  await notifier.close();
  await dispatcher.close();
  await bus.close();
  await database.destroy();
  await rm(folder, { recursive: true });
  const p99 = Number((delay.percentile(99) / 1e6).toFixed(1));
  return {
    ...{ name, value: Number(seconds.toFixed(2)), unit: "s" },
    details: { episodes: stations, tickets: count, messages, loopLatencyP99Ms: p99 },
  };
}

/** One in each village, round and round. */
function fires(ids: readonly string[], { divisions }: Seeds, now: number, severity: Episode["severity"]): Episode[] {
  const villages = divisions.filter(({ level }) => level === "village");
  return ids.map((id, n) => {
    const village = villages[n % villages.length];
    if (village === undefined) throw new Error("the seeds have no village");
    const { code: division, lon, lat } = village;
    return testEpisode(`E-${id}`, now - 600_000, { division, lon, lat, severity, stationIds: [id], confirmedAt: now });
  });
}

const notice = (stationIds: readonly string[], { city }: Seeds, now: number): Episode =>
  testEpisode("R", now - 600_000, {
    kind: "regional",
    division: city.code,
    stationIds: [...stationIds],
    confirmedAt: now,
  });

async function append(bus: Bus, episodes: readonly Episode[]): Promise<void> {
  const subject = episodeSubject("3306");
  const entries = episodes.map((episode) => {
    const event: EpisodeEvent = { type: "raised", revision: 1, at: episode.startedAt, episode };
    return { subject, data: encodeJson(event), messageId: episodeEventKey(event) };
  });
  await bus.append("episodes", entries);
}
