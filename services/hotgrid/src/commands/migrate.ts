import { existsSync } from "node:fs";
import { join } from "node:path";
import { openJetStreamBus } from "@hotgrid/bus";
import { Closing, createLog, SystemClock } from "@hotgrid/runtime";
import { moveReadings, moveTables, openPostgresDatabase, readSeeds } from "@hotgrid/store";
import { dataFiles, markMoved, openDataDirectory } from "../data-directory.ts";
import { moveLog } from "../move/move-log.ts";
import { MoveProgress } from "../move/move-progress.ts";
import { readServiceConfig, type ServiceConfig } from "../service-config.ts";
import { cityOfSeeds } from "../wiring.ts";
import type { Call, Command } from "./command.ts";

export const migrate: Command = {
  name: "migrate",
  summary: {
    zh: "把单机数据目录迁移到 PostgreSQL、InfluxDB 与 NATS（先停止系统；中断后可再次运行）",
    en: "move a data directory to PostgreSQL, InfluxDB and NATS, named by the services' environment, and compare both sides (stop the system first; run it again where it was interrupted)",
  },
  usage: "--data DIR --seeds DIR",
  options: {},
  run: async (call) => {
    const { config, target } = targetOf(call);
    const closing = new Closing();
    try {
      const json = await move(call, config, target, closing);
      const lines = [
        `${json.tables.length} tables, ${json.tables.reduce((sum, { rows }) => sum + rows, 0)} rows`,
        `${json.readings.readings} readings of ${json.readings.stations} stations, ${json.readings.points} points`,
        ...json.log.map(({ stream, messages }) => `${stream}: ${messages} messages that nobody had settled`),
        "两边一致，迁移完成；照片、导入的边界与推送密钥仍在数据目录 · both sides are the same. Photos, imported boundaries and push keys stay in the data directory: give it to the services as --data",
      ];
      return { json, text: lines.join("\n"), code: 0 };
    } finally {
      await closing.run();
    }
  },
};

function targetOf(call: Call) {
  const config = readServiceConfig(["--data", call.dataDir, "--seeds", call.seedsDir], process.env);
  if (config === "help") throw new Error("no such help");
  const { postgres, influx } = config.stores;
  if (postgres === null || influx === null) {
    const missing = postgres === null ? "HOTGRID_POSTGRES_URL" : "HOTGRID_INFLUX_URL";
    throw new Error(`${missing} 未设置 · is not set: say where to move to`);
  }
  const { host, pathname } = new URL(postgres.url);
  const target = `${host}${pathname}, ${new URL(influx.url).host}/${influx.database}, ${config.log.servers.join(" ")}`;
  return { config, target: { postgres, influx, name: target } };
}

async function move(
  call: Call,
  config: ServiceConfig,
  target: ReturnType<typeof targetOf>["target"],
  closing: Closing,
) {
  const files = dataFiles(call.dataDir);
  if (!existsSync(files.database)) throw new Error(`${call.dataDir} 没有数据 · holds no data to move; give --data DIR`);
  const directory = openDataDirectory(call.dataDir, "real");
  closing.add("data directory", () => directory.release());
  const seeds = await readSeeds(call.seedsDir, { overrides: files.gridOverrides });
  const progress = MoveProgress.open(join(call.dataDir, "migrate.json"), target.name);
  const database = await openPostgresDatabase(target.postgres);
  closing.add("database", () => database.destroy());
  const log = createLog("migrate");
  const bus = await openJetStreamBus({ ...config.log, name: "migrate", clock: new SystemClock(), log });
  closing.add("bus", () => bus.close());

  const tables = await moveTables(files.database, database, progress.now.id, ({ table, rows }) =>
    say(`${table}: ${rows}`),
  );
  const readings = await moveReadings(
    files.readings,
    { ...target.influx, utcOffset: seeds.city.utcOffset },
    progress.now.readings,
    (done, of) => {
      progress.note({ readings: done });
      say(`readings: ${done.stations}/${of} stations, ${done.points} points`);
    },
  );
  const messages = await moveLog(files, bus, cityOfSeeds(seeds), progress);
  progress.note({ done: true });
  markMoved(call.dataDir);
  return { tables, readings, log: messages };
}

const say = (text: string): void => {
  process.stderr.write(`hotgrid migrate: ${text}\n`);
};
