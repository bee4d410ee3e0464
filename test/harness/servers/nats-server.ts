import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "./free-ports.ts";
import { ServerProcess } from "./server-process.ts";

/** The program that tests run: Debian's, or another version that the variable names. */
const PROGRAM = process.env["HOTGRID_NATS_SERVER"] ?? "/usr/sbin/nats-server";

/** False where it is not installed: tests that need it skip then, saying so. */
export const hasNatsServer = (): boolean => existsSync(PROGRAM);

export interface NatsServer {
  /** host:port for clients. */
  readonly address: string;
  readonly port: number;
  readonly process: ServerProcess;
}

/** One nats-server with JetStream on a free port, its store in `folder`. `end` and `start` of the process bring it back
 *  on the same port with what is in its store.
 *  @param more further lines of its configuration */
export async function startNatsServer(folder: string, more: readonly string[] = []): Promise<NatsServer> {
  const [port = 0] = await freePorts(1);
  const server = configured(folder, "n0", port, more);
  await server.process.start();
  return server;
}

/** Three of them that form a cluster. Resolves when each takes connections; a leader is there some seconds later.
 *  @param gids group of each, see ServerProcessOptions */
export async function startNatsCluster(
  folder: string,
  gids: readonly (number | undefined)[] = [],
): Promise<readonly NatsServer[]> {
  const ports = await freePorts(6);
  const routes = ports.slice(3).map((port) => `nats-route://127.0.0.1:${port}`);
  const servers = [0, 1, 2].map((i) =>
    configured(
      join(folder, `n${i}`),
      `n${i}`,
      ports[i] ?? 0,
      [`cluster { name: test, listen: "127.0.0.1:${ports[i + 3]}", routes: [${routes.join(", ")}] }`],
      gids[i],
    ),
  );
  await Promise.all(servers.map((server) => server.process.start()));
  return servers;
}

function configured(folder: string, name: string, port: number, more: readonly string[], gid?: number): NatsServer {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "nats.conf");
  const lines = [
    `server_name: ${name}`,
    `listen: "127.0.0.1:${port}"`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, "store"))}, max_mem: 256MB, max_file: 4GB }`,
    ...more,
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const process = new ServerProcess(PROGRAM, ["-c", file], /Server is ready/, { gid });
  return { address: `127.0.0.1:${port}`, port, process };
}
