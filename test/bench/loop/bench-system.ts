import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Station } from "@hotgrid/contracts";
import { snapshotFile } from "@hotgrid/detector-service";
import { startEmbedded } from "../../harness/embedded.ts";
import { issueSecrets } from "../../harness/station-secrets.ts";
import { folderOnDisk } from "../folder-on-disk.ts";
import { airReading, type Happening } from "./bench-air.ts";
import { benchCity, type RuleChanges } from "./bench-city.ts";
import type { LoopReport } from "./loop-meter.ts";
import { LOOP_METER, loopOf, untilIdle } from "./loop-of.ts";
import { type MessageEndpoint, openMessageEndpoint, wallNow } from "./message-endpoint.ts";
import { StationFleet } from "./station-fleet.ts";
import { calmUntil } from "./warm-detector.ts";

/** A system, embedded or distributed, to which stations publish while a browser listens. */
export interface ListenedSystem {
  readonly stations: readonly Station[];
  readonly rules: unknown;
  /** What the detector had learned when the system started. */
  readonly snapshot: Uint8Array;
  readonly dataDir: string;
  /** Its seed files. */
  readonly seedsDir: string;
  /** What `hotgrid …` needs beside its words to work on the system's stores. */
  readonly env: Readonly<Record<string, string>>;
  /** Port of its console. */
  readonly http: number;
  /** Of its processes, by name. */
  readonly pids: Readonly<Record<string, number>>;
  readonly fleet: StationFleet;
  /** How late the system's timers were since the last call; null where it is several processes. */
  readonly loop: (() => Promise<LoopReport>) | null;
  close(): Promise<void>;
}

export interface BenchSystem extends ListenedSystem {
  readonly endpoint: MessageEndpoint;
  /** One minute of all stations at once; resolves after the last PUBACK with when each was sent, epoch ms. */
  publishMinute(minute: number, happening: Happening): Promise<Float64Array>;
  readonly loop: () => Promise<LoopReport>;
  /** Resolves when it has nothing to do for a moment. */
  idle(): Promise<void>;
}

export interface BenchSystemOptions {
  readonly count: number;
  readonly rules: RuleChanges;
  /** Is a place told of the whole city, beside each officer's phone? */
  readonly platform: boolean;
  /** First minute since the epoch that will be published; what was before it is learned. */
  readonly minute: number;
}

/** The embedded system as a process of its own, on a disk, with learned detection, a connection of each station and a
 *  receiver of notifications. */
export async function startBenchSystem(options: BenchSystemOptions): Promise<BenchSystem> {
  const { count, rules: changes, minute } = options;
  const folder = await folderOnDisk();
  const dataDir = join(folder, "data");
  mkdirSync(dataDir);
  const { dir, seeds } = await benchCity(folder, count, changes);
  const { stations, rules } = seeds;
  const secrets = await issueSecrets(folder, dataDir, dir);
  const snapshot = calmUntil(minute, stations, rules);
  await snapshotFile(join(dataDir, "detector.snapshot")).write({ position: 0, state: snapshot });
  const endpoint = await openMessageEndpoint(options.platform);
  const receiversFile = join(folder, "receivers.json");
  writeFileSync(receiversFile, JSON.stringify(endpoint.receivers));
  const words = ["--no-simulator", "--seeds", dir, "--receivers", receiversFile, "--allow-holes"];
  const system = await startEmbedded({ dataDir, words, preload: LOOP_METER, env: { HOTGRID_LOG_LEVEL: "error" } });
  const ids = stations.map(({ id }) => id);
  const fleet = await StationFleet.connect(system.mqtt, ids, secrets);
  return {
    stations,
    rules,
    snapshot,
    dataDir,
    seedsDir: dir,
    env: {},
    http: system.http,
    pids: { system: system.pid },
    endpoint,
    fleet,
    loop: () => loopOf(system.child),
    idle: () => untilIdle(system.child),
    publishMinute: async (at, happening) => {
      const packets = stations.map((station, i) => packetOf(fleet, station, i, at, happening));
      const sent = new Float64Array(stations.length);
      for (const [i, packet] of packets.entries()) {
        sent[i] = wallNow();
        fleet.send(i, packet);
      }
      await fleet.acknowledged();
      return sent;
    },
    close: async () => {
      fleet.close();
      const code = await system.stop();
      endpoint.close();
      rmSync(folder, { recursive: true, force: true });
      if (code !== 0) throw new Error(`the system ended with code ${code}:\n${system.output()}`);
    },
  };
}

export function packetOf(fleet: StationFleet, station: Station, i: number, minute: number, happening: Happening) {
  const { phenomenonTime, results } = airReading(station, i, minute, happening);
  return fleet.packet(i, JSON.stringify({ phenomenonTime, results }));
}
