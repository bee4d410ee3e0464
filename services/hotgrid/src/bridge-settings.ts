import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { CityCode } from "@hotgrid/contracts";
import type { BridgeOptions } from "@hotgrid/gateway-service";
import { readSecret } from "@hotgrid/runtime";
import { z } from "zod";

/** Connections to the other broker. Ours: each has some twenty messages on their way while the log syncs. */
const CONNECTIONS = 16;

/** Another broker from which the gateway takes readings as well. */
const Environment = z.object({
  HOTGRID_BRIDGE_URL: z
    .string()
    .refine(
      (text) => ["mqtt:", "mqtts:"].includes(URL.parse(text)?.protocol ?? ""),
      "write mqtt://HOST:1883 or mqtts://HOST:8883",
    )
    .optional(),
  HOTGRID_BRIDGE_USER: z.string().min(1).optional(),
  HOTGRID_BRIDGE_PASSWORD_FILE: z.string().min(1).optional(),
  HOTGRID_BRIDGE_CA_FILE: z.string().min(1).optional(),
  HOTGRID_BRIDGE_CLIENT_ID: z
    .string()
    .regex(/^[\w-]{1,40}$/, "1 to 40 letters, digits, _ and -")
    .optional(),
  HOTGRID_BRIDGE_CONNECTIONS: z.coerce.number().int().min(1).max(256).default(CONNECTIONS),
  HOTGRID_BRIDGE_GROUP: z
    .string()
    .regex(/^[\w-]{0,40}$/, "letters, digits, _ and -, or nothing where the broker has no shared subscriptions")
    .default("hotgrid"),
});

export const BRIDGE_HELP = `  HOTGRID_BRIDGE_URL=mqtt[s]://HOST:PORT      另从此 MQTT 服务器接收读数 · another broker, to take readings from as well
  HOTGRID_BRIDGE_USER, HOTGRID_BRIDGE_PASSWORD_FILE, HOTGRID_BRIDGE_CA_FILE       登录与 TLS · how to log in, TLS
  HOTGRID_BRIDGE_CLIENT_ID=NAME               每个网关各异且不变 · of each gateway its own, always the same; hotgrid-HOSTNAME
  HOTGRID_BRIDGE_CONNECTIONS=N                连接数 · connections, ${CONNECTIONS}
  HOTGRID_BRIDGE_GROUP=NAME                   共享订阅组，空为不共享 · group of the shared subscription, hotgrid; empty: none
`;

/** undefined where no other broker is named. Throws an Error that names each variable at fault. */
export async function readBridge(env: NodeJS.ProcessEnv, city: CityCode): Promise<BridgeOptions | undefined> {
  const result = Environment.safeParse(env);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`环境变量有误 · the environment is not acceptable\n${faults.join("\n")}`);
  }
  const { data } = result;
  if (data.HOTGRID_BRIDGE_URL === undefined) return undefined;
  const [passwordFile, authorityFile] = [data.HOTGRID_BRIDGE_PASSWORD_FILE, data.HOTGRID_BRIDGE_CA_FILE];
  return {
    url: data.HOTGRID_BRIDGE_URL,
    ...(data.HOTGRID_BRIDGE_USER !== undefined && { username: data.HOTGRID_BRIDGE_USER }),
    ...(passwordFile !== undefined && { password: await readSecret({ file: passwordFile }, env) }),
    ...(authorityFile !== undefined && { authority: await readFile(authorityFile, "utf8") }),
    clientId:
      data.HOTGRID_BRIDGE_CLIENT_ID ??
      `hotgrid-${hostname()
        .replaceAll(/[^\w-]/g, "-")
        .slice(0, 40)}`,
    connections: data.HOTGRID_BRIDGE_CONNECTIONS,
    group: data.HOTGRID_BRIDGE_GROUP === "" ? null : data.HOTGRID_BRIDGE_GROUP,
    city,
  };
}
