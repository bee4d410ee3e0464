import { chmodSync } from "node:fs";
import { type DistributedBus, encodeJson, openJetStreamBus } from "@hotgrid/bus";
import { cityOf, readingSubject } from "@hotgrid/contracts";
import { Closing, createLog, SystemClock } from "@hotgrid/runtime";
import { openInfluxReadingStore, openPostgresDatabase } from "@hotgrid/store";
import { temporaryFolder } from "../../harness/embedded.ts";
import { runHotgrid } from "../../harness/run-command.ts";
import { issueSecrets } from "../../harness/station-secrets.ts";
import { type Prepared, startTopology, type Topology } from "../../harness/topology.ts";
import { isIsolated } from "../isolate.ts";
import type { Victims } from "./carry-out.ts";
import { type ChaosCity, chaosCity } from "./chaos-city.ts";
import { airAt, RUN_MINUTES } from "./city-air.ts";
import { groupOf, NetworkCuts } from "./network-cuts.ts";
import { startReceiver } from "./notification-receiver.ts";
import type { Stores } from "./observe.ts";
import { ACCOUNT_PASSWORD, ACCOUNT_WORDS, People } from "./people.ts";
import { type Shown, shownBy } from "./shown-messages.ts";
import { SmallDisks } from "./small-disks.ts";
import { StationFleet } from "./station-fleet.ts";
import { Supervisor } from "./supervisor.ts";
import { startUndisturbed, type UndisturbedDetector } from "./undisturbed-detector.ts";

const MINUTE_MS = 60_000;
/** Before the first run, so that detection has learned: 12 h are without tickets. */
const HISTORY_MINUTES = 13 * 60;
/** Event time ends that far in the past: what the gateway's clock says about silence is not believed then, as in every
 *  replay, and a station that is ten minutes ahead is not from the future. */
const BEHIND_MINUTES = 120;

/** The running system with all that looks at it and lays hands on it. */
export interface ChaosCluster extends Victims, Stores {
  readonly bus: DistributedBus;
  readonly city: ChaosCity;
  readonly people: People;
  readonly undisturbed: UndisturbedDetector;
  /** What EPISODES and TICKETS have shown to one who reads along. */
  readonly decided: readonly Shown[];
  readonly told: readonly Shown[];
  close(): Promise<void>;
}

/** Starts the distributed system with a city whose detection has learned.
 *  @param runs that it will see, one after the other in event time */
export async function startCluster(runs: number): Promise<ChaosCluster> {
  const closing = new Closing();
  try {
    return await open(runs, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function open(runs: number, closing: Closing): Promise<ChaosCluster> {
  const folder = temporaryFolder();
  closing.add("folder", folder.remove);
  // PostgreSQL runs as somebody else where this is root, and has to get through to its own folder.
  chmodSync(folder.path, 0o711);
  const receiver = await startReceiver();
  closing.add("receiver", () => receiver.close());
  const disks = isIsolated() ? new SmallDisks(folder.path) : null;
  if (disks) closing.add("disks", () => disks.close());
  const city = await chaosCity(folder.path, receiver.url);
  const secrets = new Map<string, string>();
  const topology = await startTopology({
    ...{ folder: folder.path, seedsDir: city.dir, receivers: city.receivers, durable: true },
    ...(isIsolated() && { gid: groupOf }),
    env: () => ({ HOTGRID_LOG_LEVEL: "info" }),
    prepare: async ({ dataDir, env }) => {
      for (const [id, secret] of await issueSecrets(folder.path, dataDir, city.dir, env)) secrets.set(id, secret);
      await addAccount({ dataDir, env }, city);
    },
  });
  closing.add("topology", () => topology.close());
  const stores = await openStores(topology, city, closing);
  const start = Math.floor(Date.now() / MINUTE_MS - runs * RUN_MINUTES - BEHIND_MINUTES) * MINUTE_MS;
  await learn(stores.bus, city, start);
  const undisturbed = await startUndisturbed(stores.bus, { folder: folder.path, seeds: city.seeds, closing });
  const told = shownBy(stores.bus, "tickets", closing);
  const decided = shownBy(stores.bus, "episodes", closing);
  const { mqttPorts } = topology;
  const fleet = await StationFleet.connect(city.seeds.stations, secrets, { mqttPorts, start });
  closing.add("stations", () => fleet.close());
  const people = await People.logIn(topology.httpPort);
  const supervisor = new Supervisor(topology);
  closing.add("supervisor", () => supervisor.close());
  const cuts = isIsolated() ? new NetworkCuts(topology) : null;
  return {
    ...{ ...stores, city, topology, receiver, disks, cuts, fleet, people, supervisor, undisturbed, decided, told },
    close: () => closing.run(),
  };
}

async function addAccount({ dataDir, env }: Prepared, { dir }: ChaosCity): Promise<void> {
  const words = ["users", "add", ...ACCOUNT_WORDS, "--data", dataDir, "--seeds", dir];
  const { code, stderr } = await runHotgrid(words, `${ACCOUNT_PASSWORD}\n`, env);
  if (code !== 0) throw new Error(`users add: ${stderr}`);
}

async function openStores(topology: Topology, { seeds }: ChaosCity, closing: Closing) {
  const { env } = topology;
  const servers = (env["HOTGRID_NATS_SERVERS"] ?? "").split(",");
  const common = { clock: new SystemClock(), log: createLog("chaos", "error") };
  const bus = await openJetStreamBus({ ...common, servers, name: "chaos", replicas: 3 });
  closing.add("log", () => bus.close());
  const database = await openPostgresDatabase({ url: env["HOTGRID_POSTGRES_URL"] ?? "" });
  closing.add("database", () => database.destroy());
  const influx = { url: env["HOTGRID_INFLUX_URL"] ?? "", database: "hotgrid", writeVersion: 1 } as const;
  const readings = await openInfluxReadingStore({ ...influx, utcOffset: seeds.city.utcOffset });
  closing.add("reading store", () => readings.close());
  return { bus, database, readings };
}

/** The hours before minute 0, appended as the gateway would gather them: a message a minute. */
async function learn(bus: DistributedBus, { seeds }: ChaosCity, start: number): Promise<void> {
  const city = cityOf(seeds.city.code);
  // As far behind as what comes: only a network whose delay is known is not hurried on by a gateway's clock.
  const delay = Date.now() - start;
  const entries = Array.from({ length: HISTORY_MINUTES }, (_, i) => i - HISTORY_MINUTES).map((minute) => {
    const phenomenonTime = start + minute * MINUTE_MS;
    const readings = seeds.stations.map((station, index) => ({
      stationId: station.id,
      phenomenonTime,
      resultTime: phenomenonTime + delay,
      results: airAt(station, index, minute, []),
    }));
    return { subject: readingSubject(city), data: encodeJson({ kind: "readings", city, readings }) };
  });
  await bus.append("readings", entries);
}
