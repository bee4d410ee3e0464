import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ROOT } from "../harness/embedded.ts";

export const DISTRIBUTED_HELP = `npm run distributed -- [options]

  分布式系统，各进程均在本机：三个 NATS、InfluxDB、PostgreSQL、各服务，以及模拟站点
  the distributed system on this machine: three NATS servers, InfluxDB, PostgreSQL, each service in a process of its own,
  and simulated stations. Needs the Debian packages nats-server, influxdb and postgresql.

  --data DIR          数据目录，保留；不给则用临时目录 · kept, and gone on with; a temporary directory unless given
  --seeds DIR         城市种子数据 · the city's seed files, seeds/shaoxing
  --scenario FILE     模拟场景 · the simulator's scenario, simulators/scenarios/default.json
  --http-port N       控制台端口，0 = 任选 · console's port, 0 picks a free one, 8080
  --mqtt-port N       MQTT 端口（均衡到两个网关） · MQTT port, balanced over the gateways, 1883
  --warm-hours N      首次启动的预热历史小时数 · hours of history made at the first start, 12
  --ready-file FILE   就绪后写入 · written when ready: {"http":…,"mqtt":…,"pid":…,"members":{NAME: process id}}
  --help
`;

const Port = z.coerce.number().int().min(0).max(65_535);

const Options = z.strictObject({
  /** null: a temporary one. */
  data: z.string().min(1).nullable(),
  seeds: z.string().min(1),
  scenario: z.string().min(1),
  httpPort: Port,
  mqttPort: Port,
  warmHours: z.coerce.number().min(0).max(72),
  readyFile: z.string().min(1).nullable(),
});
export type DistributedOptions = z.infer<typeof Options>;

/** Throws an Error that names the flag. */
export function readDistributedOptions(words: readonly string[]): DistributedOptions | "help" {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      ...{
        data: text,
        seeds: text,
        scenario: text,
        "http-port": text,
        "mqtt-port": text,
        "warm-hours": text,
        "ready-file": text,
      },
      help: { type: "boolean" },
    },
  });
  if (values.help) return "help";
  const parsed = Options.safeParse({
    data: values.data === undefined ? null : resolve(values.data),
    seeds: resolve(values.seeds ?? join(ROOT, "seeds", "shaoxing")),
    scenario: resolve(values.scenario ?? join(ROOT, "simulators", "scenarios", "default.json")),
    httpPort: values["http-port"] ?? "8080",
    mqttPort: values["mqtt-port"] ?? "1883",
    warmHours: values["warm-hours"] ?? "12",
    readyFile: values["ready-file"] ?? null,
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join(".")}: ${issue?.message}; see npm run distributed -- --help`);
}
