import { z } from "zod";
import { BRIDGE_HELP } from "./bridge-settings.ts";
import { type Config, METRICS_HELP, readConfig, TOTP_KEY_HELP } from "./config.ts";
import { readStoreSettings, STORE_HELP, type StoreSettings } from "./store-settings.ts";

const File = z.string().min(1).optional();

/** What a service that runs alone is told by its environment, beside the flags of `npm start`. */
const Environment = z
  .object({
    /** host:port, several by commas. */
    HOTGRID_NATS_SERVERS: z
      .string({ error: "give the NATS servers, e.g. 10.0.0.1:4222,10.0.0.2:4222" })
      .transform((text) => text.split(",").map((server) => server.trim()))
      .refine((servers) => servers.every((server) => /^[\w.[\]:-]+$/.test(server)), "write host:port,host:port"),
    HOTGRID_NATS_USER: z.string().min(1).optional(),
    HOTGRID_NATS_PASSWORD_FILE: File,
    HOTGRID_NATS_CREDENTIALS_FILE: File,
    HOTGRID_NATS_CA_FILE: File,
    HOTGRID_NATS_CERT_FILE: File,
    HOTGRID_NATS_KEY_FILE: File,
    HOTGRID_NATS_REPLICAS: z
      .enum(["1", "3", "5"])
      .default("1")
      .transform((text) => Number(text) as 1 | 3 | 5),
    /** Bytes of disk per stream; absent: the server's own limit. */
    HOTGRID_NATS_MAX_BYTES: z.coerce.number().int().min(1_000_000).optional(),
    /** Seed folders of further cities that the detectors share and the dispatchers serve, by commas. */
    HOTGRID_CITY_SEEDS: z.string().default(""),
  })
  .transform((env) => ({
    furtherCities: env.HOTGRID_CITY_SEEDS.split(",").filter((folder) => folder !== ""),
    log: {
      servers: env.HOTGRID_NATS_SERVERS,
      replicas: env.HOTGRID_NATS_REPLICAS,
      ...(env.HOTGRID_NATS_MAX_BYTES !== undefined && { maxBytes: env.HOTGRID_NATS_MAX_BYTES }),
      ...(env.HOTGRID_NATS_USER !== undefined && { user: env.HOTGRID_NATS_USER }),
      ...(env.HOTGRID_NATS_PASSWORD_FILE !== undefined && { passwordFile: env.HOTGRID_NATS_PASSWORD_FILE }),
      ...(env.HOTGRID_NATS_CREDENTIALS_FILE !== undefined && { credentialsFile: env.HOTGRID_NATS_CREDENTIALS_FILE }),
      ...(env.HOTGRID_NATS_CA_FILE !== undefined && {
        tls: {
          caFile: env.HOTGRID_NATS_CA_FILE,
          ...(env.HOTGRID_NATS_CERT_FILE !== undefined && { certFile: env.HOTGRID_NATS_CERT_FILE }),
          ...(env.HOTGRID_NATS_KEY_FILE !== undefined && { keyFile: env.HOTGRID_NATS_KEY_FILE }),
        },
      }),
    },
  }));
export type ServiceConfig = Config & z.output<typeof Environment> & { readonly stores: StoreSettings };

export const SERVICE_HELP = `npm run hotgrid -- SERVICE [options of npm start]

  一个服务一个进程，消息日志为 NATS JetStream · one service in this process, the log is NATS JetStream

  HOTGRID_NATS_SERVERS=HOST:PORT,…            NATS 服务器，必填 · the NATS servers, required
  HOTGRID_NATS_REPLICAS=1|3|5                 副本数 · copies of each message, 1
  HOTGRID_NATS_MAX_BYTES=N                    每个流的磁盘上限 · bytes of disk per stream
  HOTGRID_NATS_USER, HOTGRID_NATS_PASSWORD_FILE, HOTGRID_NATS_CREDENTIALS_FILE    登录 · how to log in
  HOTGRID_NATS_CA_FILE, HOTGRID_NATS_CERT_FILE, HOTGRID_NATS_KEY_FILE             TLS
  HOTGRID_CITY_SEEDS=DIR,…                    检测器与派单服务的其他城市 · further cities of detectors and dispatchers
${STORE_HELP}${TOTP_KEY_HELP}${BRIDGE_HELP}${METRICS_HELP}`;

/** Reads flags and environment. Throws an Error that names each variable at fault. */
export function readServiceConfig(words: readonly string[], env: NodeJS.ProcessEnv): ServiceConfig | "help" {
  const config = readConfig(words, { ...env, HOTGRID_SIMULATOR: "off" });
  if (config === "help") return config;
  const result = Environment.safeParse(env);
  if (result.success) return { ...config, ...result.data, stores: readStoreSettings(env) };
  const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`环境变量有误 · the environment is not acceptable\n${faults.join("\n")}`);
}
