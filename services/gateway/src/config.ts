import { resolve } from "node:path";
import { z } from "zod";

const Port = z.coerce.number().int().min(0).max(65_535);

/** What the gateway as a process of its own reads from its environment. */
export const GatewayConfig = z
  .object({
    /** Folder of the log (log.sqlite) and of the relational database with the stations (hotgrid.sqlite). */
    HOTGRID_DATA_DIR: z.string().min(1),
    HOTGRID_MQTT_HOST: z.string().default("0.0.0.0"),
    /** IANA: 1883 for MQTT. */
    HOTGRID_MQTT_PORT: Port.default(1883),
    /** Prometheus metrics over HTTP; absent: none. */
    HOTGRID_METRICS_PORT: Port.optional(),
    HOTGRID_LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  })
  .transform((env) => ({
    logFile: resolve(env.HOTGRID_DATA_DIR, "log.sqlite"),
    databaseFile: resolve(env.HOTGRID_DATA_DIR, "hotgrid.sqlite"),
    host: env.HOTGRID_MQTT_HOST,
    port: env.HOTGRID_MQTT_PORT,
    metricsPort: env.HOTGRID_METRICS_PORT,
    logLevel: env.HOTGRID_LOG_LEVEL,
  }));
export type GatewayConfig = z.output<typeof GatewayConfig>;

/** Throws an Error that names each variable at fault. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): GatewayConfig {
  const result = GatewayConfig.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`环境变量有误 · the environment is not acceptable\n${faults.join("\n")}`);
}
