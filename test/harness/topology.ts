import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Closing } from "@hotgrid/runtime";
import { temporaryFolder } from "./embedded.ts";
import { type Member, memberOf } from "./member.ts";
import { freePorts } from "./servers/free-ports.ts";
import { hasInflux } from "./servers/influx-server.ts";
import { hasNatsServer } from "./servers/nats-server.ts";
import { hasPostgres } from "./servers/postgres-server.ts";
import { serviceProcess } from "./service-process.ts";
import { startServers, type TopologyGroups } from "./topology-servers.ts";

/** Every process of the distributed system, in the order in which they start; `mosquitto` is for those who ask. */
const SERVERS = ["nats-1", "nats-2", "nats-3", "influx", "postgres"] as const;
const SERVICES = [
  ...["console", "notifier", "dispatcher", "detector-1", "detector-2", "recorder-1", "recorder-2"],
  ...["gateway-1", "gateway-2"],
];

/** False where one of the Debian packages nats-server, influxdb and postgresql is missing: tests skip then, saying so. */
export const hasTopology = (): boolean => hasNatsServer() && hasInflux() && hasPostgres();

export interface TopologyOptions {
  readonly seedsDir: string;
  /** Kept at the end, and gone on with where it has been used before; a temporary one unless given. */
  readonly folder?: string;
  /** Names of those that are started, the three NATS servers always; all but `mosquitto` unless given. Without `postgres`
   *  or `influx` the services share the files of the data directory. With `mosquitto` the gateways bridge from it. */
  readonly members?: readonly string[];
  /** Of the console; a free one unless given. */
  readonly httpPort?: number;
  /** File of the notifier's receivers; nobody is told unless given. */
  readonly receivers?: string;
  /** What a service finds in its environment besides. */
  readonly env?: (member: string) => Readonly<Record<string, string>>;
  /** Where this is root: the group of each service and NATS server, by which a firewall tells their packets. */
  readonly gid?: TopologyGroups;
  /** Whether PostgreSQL waits for the disk, as a real one; tests of other things need not. */
  readonly durable?: boolean;
  /** What is to be there before the first service starts: accounts, stations' secrets. */
  readonly prepare?: (prepared: Prepared) => Promise<void>;
}

/** What `hotgrid …` needs beside its words to work on the topology's stores. */
export interface Prepared {
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Topology extends Prepared {
  readonly members: ReadonlyMap<string, Member>;
  /** Of gateway-1 and gateway-2. */
  readonly mqttPorts: readonly number[];
  readonly httpPort: number;
  readonly folder: string;
  /** The member of that name; throws where there is none. */
  member(name: string): Member;
  /** Ends every process, and removes the folder where it is a temporary one. */
  close(): Promise<void>;
}

/** Starts the distributed system on loopback, each server and each service in a process of its own. */
export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const closing = new Closing();
  const own = options.folder === undefined ? temporaryFolder() : null;
  if (own) closing.add("folder", own.remove);
  // PostgreSQL runs as somebody else where this is root, and has to get through to its own folder.
  if (own) chmodSync(own.path, 0o711);
  const folder = options.folder ?? own?.path ?? "";
  const wanted = new Set(options.members ?? [...SERVERS, ...SERVICES]);
  try {
    const servers = await startServers(folder, wanted, {
      ...{ durable: options.durable ?? false, closing },
      gid: options.gid ?? (() => undefined),
    });
    const prepared = { dataDir: join(folder, "data"), env: servers.env };
    mkdirSync(prepared.dataDir, { recursive: true, mode: 0o700 });
    await options.prepare?.(prepared);
    const services = await planServices(wanted, prepared, options);
    for (const member of services) closing.add(member.name, () => member.kill());
    const starts = services.map((member) => member.start());
    await Promise.allSettled(starts);
    await Promise.all(starts);
    return topologyOf({ ...prepared, folder, close: () => closing.run() }, [...servers.members, ...services]);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

function topologyOf(fixed: Pick<Topology, "folder" | "close" | keyof Prepared>, all: readonly Member[]): Topology {
  const members = new Map(all.map((member) => [member.name, member]));
  return {
    ...fixed,
    members,
    mqttPorts: all.flatMap(({ name, ports }) => (name.startsWith("gateway-") ? (ports["mqtt"] ?? []) : [])),
    httpPort: members.get("console")?.ports["http"] ?? 0,
    member: (name) => {
      const member = members.get(name);
      if (!member) throw new Error(`no ${name} among ${[...members.keys()].join(", ")}`);
      return member;
    },
  };
}

/** Gives each service its ports for all its lives. */
async function planServices(
  wanted: ReadonlySet<string>,
  { dataDir, env }: Prepared,
  options: TopologyOptions,
): Promise<readonly Member[]> {
  const names = SERVICES.filter((name) => wanted.has(name));
  const free = await freePorts(2 * names.length);
  const receivers = options.receivers ?? noReceivers(dataDir);
  return names.map((name, i) => {
    const [own = 0, metrics = 0] = free.slice(2 * i);
    const service = name.split("-")[0] ?? name;
    const ports = { ...listening(service, own, options), metrics };
    const process = serviceProcess(service, {
      ...{ dataDir, seedsDir: options.seedsDir, ports, gid: options.gid?.(name) },
      env: { ...env, HOTGRID_BRIDGE_CLIENT_ID: name, ...options.env?.(name) },
      words: service === "notifier" ? ["--receivers", receivers] : [],
    });
    return memberOf(name, process, ports);
  });
}

function listening(service: string, port: number, { httpPort = port }: TopologyOptions): { [of: string]: number } {
  if (service === "console") return { http: httpPort };
  return service === "gateway" ? { mqtt: port } : {};
}

function noReceivers(dataDir: string): string {
  const file = join(dataDir, "receivers.json");
  writeFileSync(file, '{ "receivers": [] }\n');
  return file;
}
