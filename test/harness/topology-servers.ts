import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openJetStreamBus } from "@hotgrid/bus";
import { type Closing, createLog, SystemClock, Unavailable } from "@hotgrid/runtime";
import { type Member, memberOf } from "./member.ts";
import { startInflux } from "./servers/influx-server.ts";
import { startMosquitto } from "./servers/mosquitto.ts";
import { startNatsCluster } from "./servers/nats-server.ts";
import { startPostgres } from "./servers/postgres-server.ts";

/** Pause between two looks for the cluster's leader, and the longest time until it must have one, ms. Ours. */
const [LOOK_EVERY_MS, LEADER_WITHIN_MS] = [200, 60_000];

/** What services and commands find in their environment to reach the servers, and the servers. */
export interface Servers {
  readonly members: readonly Member[];
  readonly env: Readonly<Record<string, string>>;
}

/** Group of a member, see ServerProcessOptions. */
export type TopologyGroups = (member: string) => number | undefined;

/** Starts those servers that are wanted, each with a folder of its own below `folder`. All of them are to be closed by
 *  `closing`, also where it throws. */
export async function startServers(
  folder: string,
  wanted: ReadonlySet<string>,
  { durable, closing, gid }: { durable: boolean; closing: Closing; gid: TopologyGroups },
): Promise<Servers> {
  const starts = [
    startNats(join(folder, "nats"), closing, gid),
    ...(wanted.has("influx") ? [startTimeSeries(join(folder, "influx"), closing)] : []),
    ...(wanted.has("postgres") ? [startTables(join(folder, "postgres"), durable, closing)] : []),
    ...(wanted.has("mosquitto") ? [startOtherBroker(join(folder, "mosquitto"), closing)] : []),
  ];
  // Not the first failure's at once: what the others started by then must be known to whoever closes it.
  await Promise.allSettled(starts);
  const servers = await Promise.all(starts);
  return {
    members: servers.flatMap(({ members }) => members),
    env: Object.assign({}, ...servers.map(({ env }) => env)),
  };
}

async function startNats(folder: string, closing: Closing, gid: TopologyGroups): Promise<Servers> {
  const servers = await startNatsCluster(folder, ["nats-1", "nats-2", "nats-3"].map(gid));
  const members = servers.map(({ process, port }, i) => memberOf(`nats-${i + 1}`, process, { nats: port }));
  for (const member of members) closing.add(member.name, () => member.kill());
  const addresses = servers.map(({ address }) => address);
  await makeStreams(addresses);
  return { members, env: { HOTGRID_NATS_SERVERS: addresses.join(","), HOTGRID_NATS_REPLICAS: `${members.length}` } };
}

/** Resolves when the cluster has a leader and the streams are there: before that no service starts. */
async function makeStreams(servers: readonly string[]): Promise<void> {
  const settings = { servers, name: "topology", replicas: 3, clock: new SystemClock() } as const;
  const until = Date.now() + LEADER_WITHIN_MS;
  for (;;) {
    try {
      return await (await openJetStreamBus({ ...settings, log: createLog("topology", "silent") })).close();
    } catch (error) {
      if (!(error instanceof Unavailable) || Date.now() > until) throw error;
      await pause(LOOK_EVERY_MS);
    }
  }
}

async function startTimeSeries(folder: string, closing: Closing): Promise<Servers> {
  const influx = await startInflux(folder);
  const member = memberOf("influx", influx.process, { http: influx.port });
  closing.add(member.name, () => member.kill());
  return { members: [member], env: { HOTGRID_INFLUX_URL: influx.url } };
}

async function startTables(folder: string, durable: boolean, closing: Closing): Promise<Servers> {
  mkdirSync(folder, { recursive: true });
  const postgres = await startPostgres(durable, folder);
  closing.add("postgres", () => postgres.end());
  const member = memberOf("postgres", postgres.process, { sql: postgres.port });
  return { members: [member], env: { HOTGRID_POSTGRES_URL: postgres.url("postgres") } };
}

async function startOtherBroker(folder: string, closing: Closing): Promise<Servers> {
  const mosquitto = await startMosquitto(folder, ["persistence true", `persistence_location ${folder}/`]);
  const member = memberOf("mosquitto", mosquitto.process, { mqtt: mosquitto.port });
  closing.add(member.name, () => member.kill());
  return { members: [member], env: { HOTGRID_BRIDGE_URL: `mqtt://127.0.0.1:${mosquitto.port}` } };
}
