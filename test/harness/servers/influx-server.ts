import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { freePorts } from "./free-ports.ts";
import { ServerProcess } from "./server-process.ts";

/** The program that tests run: Debian's 1.6, or another 1.x that the variable names. */
const PROGRAM = process.env["HOTGRID_INFLUXD"] ?? "/usr/bin/influxd";
const VICTORIA = process.env["HOTGRID_VICTORIA_METRICS"] ?? "/usr/bin/victoria-metrics";

/** Pause before it is asked again whether its port is open, ms. Ours. */
const ASK_AGAIN_MS = 20;

/** False where it is not installed: tests that need it skip then, saying so. */
export const hasInflux = (): boolean => existsSync(PROGRAM);
export const hasVictoria = (): boolean => existsSync(VICTORIA);

const Answer = z.object({ results: z.array(z.looseObject({ error: z.string().optional() })) });

export interface TimeSeriesServer {
  readonly url: string;
  readonly port: number;
  readonly process: ServerProcess;
}

/** One InfluxDB 1.x on a free port, its files in `folder`.
 *  @param auth whether it asks who one is */
export async function startInflux(folder: string, auth = false): Promise<TimeSeriesServer> {
  const [http = 0, rpc = 0] = await freePorts(2);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "influxdb.conf");
  const dir = (name: string) => JSON.stringify(join(folder, name));
  writeFileSync(
    file,
    `reporting-enabled = false
bind-address = "127.0.0.1:${rpc}"
[meta]
dir = ${dir("meta")}
[data]
dir = ${dir("data")}
wal-dir = ${dir("wal")}
index-version = "tsi1"
query-log-enabled = false
[http]
bind-address = "127.0.0.1:${http}"
log-enabled = false
auth-enabled = ${auth}
[monitor]
store-enabled = false
[continuous_queries]
enabled = false
`,
  );
  const server = new ServerProcess(PROGRAM, ["-config", file], /Listening for signals/);
  await server.start();
  return { url: `http://127.0.0.1:${http}`, port: http, process: server };
}

/** Carries a statement of InfluxQL out. InfluxDB answers 200 before it begins: only what follows says that it is done.
 *  @returns what the statement found */
export async function askInflux(url: string, q: string, database = ""): Promise<unknown> {
  const body = new URLSearchParams({ db: database, q });
  const response = await fetch(`${url}/query`, { method: "POST", body });
  if (!response.ok) throw new Error(`InfluxDB: HTTP ${response.status} ${await response.text()}`);
  const [result] = Answer.parse(await response.json()).results;
  if (result?.error !== undefined) throw new Error(`InfluxDB: ${result.error}`);
  return result;
}

/** VictoriaMetrics, which takes what InfluxDB's second write path does. */
export async function startVictoria(folder: string): Promise<TimeSeriesServer> {
  const [port = 0] = await freePorts(1);
  mkdirSync(folder, { recursive: true });
  const words = [`-storageDataPath=${folder}`, `-httpListenAddr=127.0.0.1:${port}`, "-retentionPeriod=100y"];
  const server = new ServerProcess(VICTORIA, words, /started VictoriaMetrics/);
  await server.start();
  const url = `http://127.0.0.1:${port}`;
  // It says so before its port is open.
  const answers = () =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers()) && server.pid !== null) await pause(ASK_AGAIN_MS);
  return { url, port, process: server };
}
