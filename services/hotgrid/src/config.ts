import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ROLES, Role } from "@hotgrid/contracts";
import { z } from "zod";
import { BRIDGE_HELP } from "./bridge-settings.ts";

export const ROOT = resolve(import.meta.dirname, "..", "..", "..");

const Port = z.coerce.number().int().min(0).max(65_535);

/** What `npm start` can be told, by flag or by environment; the flag wins. */
const Config = z.strictObject({
  simulator: z.boolean(),
  dataDir: z.string().min(1),
  seeds: z.string().min(1),
  httpPort: Port,
  mqttPort: Port,
  /** Of health, readiness and metrics over HTTP; null: none. */
  metricsPort: Port.nullable(),
  host: z.string().min(1),
  /** Demo clock's speed, multiples of the wall's pace; 0 is a pause. */
  speed: z.coerce.number().min(0).max(600),
  scenario: z.string().min(1),
  warmHours: z.coerce.number().min(0).max(72),
  readyFile: z.string().nullable(),
  tileUrl: z.string().nullable(),
  /** File of the receivers of notifications; null: nobody is told anything outside. */
  receivers: z.string().nullable(),
  /** Browsers reach the console by TLS, which a proxy ends. */
  secure: z.boolean(),
  /** Addresses of proxies whose X-Forwarded headers are believed, with commas; null: none. */
  trustedProxies: z.string().nullable(),
  /** File of the city's single sign-on; null: account and password only. */
  oidc: z.string().nullable(),
  /** Roles that may not log in without one-time codes. */
  requireTotp: z.array(Role),
  /** Start although somebody is responsible for nothing somewhere. */
  allowHoles: z.boolean(),
});
export type Config = z.infer<typeof Config>;

export const METRICS_HELP = `  HOTGRID_METRICS_PORT=N                      健康检查与指标 · /healthz /readyz /metrics, none unless given
  OTEL_EXPORTER_OTLP_ENDPOINT=URL             链路追踪 · traces by OTLP over HTTP (docs/configuration.md), none unless given
`;

export const TOTP_KEY_HELP = `  HOTGRID_TOTP_KEY_FILE=FILE                  动态口令密钥，不给则在数据目录生成 · key of the one-time codes' secrets; made in the data directory unless given
`;

export const START_HELP = `npm start -- [options]

  --no-simulator      无模拟器，正式使用 · real use: system clock, no demo accounts   (HOTGRID_SIMULATOR=off)
  --data DIR          数据目录 · data directory                                     (HOTGRID_DATA_DIR)
  --seeds DIR         城市种子数据 · the city's seed files                            (HOTGRID_SEEDS)
  --http-port N       控制台端口，0 = 任选 · console's port, 0 picks a free one, 8080   (HOTGRID_HTTP_PORT)
  --mqtt-port N       MQTT 端口 · MQTT port, 1883                                   (HOTGRID_MQTT_PORT)
  --host ADDRESS      监听地址 · address to listen on, 127.0.0.1                     (HOTGRID_HOST)
  --speed N           演示时钟倍速 · demo clock's speed, 30                           (HOTGRID_SPEED)
  --scenario FILE     模拟场景 · the simulator's scenario                            (HOTGRID_SCENARIO)
  --warm-hours N      预热历史小时数 · hours of history made before the start, 12       (HOTGRID_WARM_HOURS)
  --ready-file FILE   就绪后写入端口 · written when ready: {"http":…,"mqtt":…,"pid":…}
  --tile-url URL      底图瓦片 · background tiles {z}/{x}/{y}                         (HOTGRID_TILE_URL)
  --receivers FILE    通知接收端配置，不给则不发送 · receivers of notifications, none unless given  (HOTGRID_RECEIVERS)
  --oidc FILE         单点登录配置 · configuration of a single sign-on, OpenID Connect  (HOTGRID_OIDC)
  --secure            浏览器经 HTTPS 代理访问 · browsers come through a proxy with TLS   (HOTGRID_SECURE=on)
  --trusted-proxies ADDRESSES  可信代理 · proxies whose X-Forwarded-For is believed, e.g. 127.0.0.1  (HOTGRID_TRUSTED_PROXIES)
  --require-totp ROLES  这些角色必须使用动态口令 · roles that need one-time codes, e.g. administrator,operator  (HOTGRID_REQUIRE_TOTP)
  --allow-holes       允许网格责任缺口 · start although a place has no responsible officer
  --help

${TOTP_KEY_HELP}${BRIDGE_HELP}${METRICS_HELP}`;

/** Reads flags and environment. Throws an Error that names the flag, the value and the remedy. */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): Config | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      "no-simulator": { type: "boolean" },
      data: { type: "string" },
      seeds: { type: "string" },
      "http-port": { type: "string" },
      "mqtt-port": { type: "string" },
      host: { type: "string" },
      speed: { type: "string" },
      scenario: { type: "string" },
      "warm-hours": { type: "string" },
      "ready-file": { type: "string" },
      "tile-url": { type: "string" },
      receivers: { type: "string" },
      oidc: { type: "string" },
      secure: { type: "boolean" },
      "trusted-proxies": { type: "string" },
      "require-totp": { type: "string" },
      "allow-holes": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return "help";
  const simulator = !(values["no-simulator"] ?? env["HOTGRID_SIMULATOR"] === "off");
  const parsed = Config.safeParse({
    simulator,
    dataDir: resolve(values.data ?? env["HOTGRID_DATA_DIR"] ?? defaultDataDir(simulator)),
    seeds: resolve(values.seeds ?? env["HOTGRID_SEEDS"] ?? join(ROOT, "seeds", "shaoxing")),
    httpPort: values["http-port"] ?? env["HOTGRID_HTTP_PORT"] ?? "8080",
    mqttPort: values["mqtt-port"] ?? env["HOTGRID_MQTT_PORT"] ?? "1883",
    metricsPort: env["HOTGRID_METRICS_PORT"] ?? null,
    host: values.host ?? env["HOTGRID_HOST"] ?? "127.0.0.1",
    speed: values.speed ?? env["HOTGRID_SPEED"] ?? "30",
    scenario: resolve(
      values.scenario ?? env["HOTGRID_SCENARIO"] ?? join(ROOT, "simulators", "scenarios", "default.json"),
    ),
    warmHours: values["warm-hours"] ?? env["HOTGRID_WARM_HOURS"] ?? "12",
    readyFile: values["ready-file"] ?? null,
    tileUrl: values["tile-url"] ?? env["HOTGRID_TILE_URL"] ?? null,
    receivers: values.receivers ?? env["HOTGRID_RECEIVERS"] ?? null,
    secure: values.secure ?? env["HOTGRID_SECURE"] === "on",
    trustedProxies: values["trusted-proxies"] ?? env["HOTGRID_TRUSTED_PROXIES"] ?? null,
    oidc: values.oidc ?? env["HOTGRID_OIDC"] ?? null,
    requireTotp: words(values["require-totp"] ?? env["HOTGRID_REQUIRE_TOTP"] ?? ""),
    allowHoles: values["allow-holes"] ?? false,
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue?.path[0] === "requireTotp") throw new Error(`--require-totp takes some of ${ROLES.join(",")}`);
    throw new Error(`${issue?.path.join(".") ?? "options"}: ${issue?.message ?? "invalid"}; see npm start -- --help`);
  }
  if (!existsSync(parsed.data.seeds)) throw new Error(`seeds: ${parsed.data.seeds} does not exist; give --seeds DIR`);
  return parsed.data;
}

const words = (list: string): string[] => list.split(",").flatMap((word) => word.trim() || []);

/** Demo and real use never share a directory by default: the demo's clock runs ahead of the real one. */
export function defaultDataDir(simulator: boolean): string {
  return join(ROOT, ".hotgrid", simulator ? "demo" : "city");
}
