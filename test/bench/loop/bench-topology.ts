import { chmodSync, rmSync } from "node:fs";
import { openJetStreamBus } from "@hotgrid/bus";
import { cityOf } from "@hotgrid/contracts";
import { snapshotBlob } from "@hotgrid/detector-service";
import { SNAPSHOTS } from "@hotgrid/hotgrid-service";
import { Closing, createLog, SystemClock } from "@hotgrid/runtime";
import { issueSecrets } from "../../harness/station-secrets.ts";
import { startTopology } from "../../harness/topology.ts";
import { folderOnDisk } from "../folder-on-disk.ts";
import { benchCity } from "./bench-city.ts";
import type { BenchSystemOptions, ListenedSystem } from "./bench-system.ts";
import { StationFleet } from "./station-fleet.ts";
import { calmUntil } from "./warm-detector.ts";

/** Beside the three NATS servers. */
const MEMBERS = ["influx", "postgres", "console", "dispatcher", "detector-1", "recorder-1", "gateway-1"];

/** The distributed system with one process of each service that has to do with what a browser sees, on a disk, with
 *  learned detection and a connection of each station. */
export async function startBenchTopology(options: Omit<BenchSystemOptions, "platform">): Promise<ListenedSystem> {
  const closing = new Closing();
  try {
    const folder = await folderOnDisk();
    closing.add("folder", () => rmSync(folder, { recursive: true }));
    // PostgreSQL runs as somebody else where this is root, and has to get through to its own folder.
    chmodSync(folder, 0o711);
    const { dir, seeds } = await benchCity(folder, options.count, options.rules);
    const snapshot = calmUntil(options.minute, seeds.stations, seeds.rules);
    let secrets: ReadonlyMap<string, string> = new Map();
    const topology = await startTopology({
      ...{ folder, seedsDir: dir, durable: true, members: MEMBERS },
      env: () => ({ HOTGRID_LOG_LEVEL: "error" }),
      prepare: async ({ dataDir, env }) => {
        secrets = await issueSecrets(folder, dataDir, dir, env);
        await leaveSnapshot(env, cityOf(seeds.city.code), snapshot);
      },
    });
    closing.add("topology", () => topology.close());
    const ids = seeds.stations.map(({ id }) => id);
    const fleet = await StationFleet.connect(topology.mqttPorts[0] ?? 0, ids, secrets);
    closing.add("stations", () => fleet.close());
    const pids = [...topology.members].flatMap(([name, member]) => {
      const pid = member.pid();
      return pid === null ? [] : [[name, pid] as const];
    });
    return {
      ...{ stations: seeds.stations, rules: seeds.rules, snapshot, seedsDir: dir, fleet },
      ...{ dataDir: topology.dataDir, env: topology.env, http: topology.httpPort, pids: Object.fromEntries(pids) },
      loop: null,
      close: () => closing.run(),
    };
  } catch (error) {
    await closing.run();
    throw error;
  }
}

/** Where the first detector of the city looks for it. */
async function leaveSnapshot(
  env: Readonly<Record<string, string>>,
  city: ReturnType<typeof cityOf>,
  state: Uint8Array,
): Promise<void> {
  const servers = (env["HOTGRID_NATS_SERVERS"] ?? "").split(",");
  const log = createLog("bench", "silent");
  const bus = await openJetStreamBus({ servers, name: "bench", replicas: 3, clock: new SystemClock(), log });
  try {
    await snapshotBlob(await bus.blobs(SNAPSHOTS), city).write({ position: 0, state });
  } finally {
    await bus.close();
  }
}
