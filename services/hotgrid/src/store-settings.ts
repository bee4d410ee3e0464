import type { InfluxReadingStoreOptions, PostgresOptions } from "@hotgrid/store";
import { z } from "zod";

const File = z.string().min(1).optional();
const url = (protocols: readonly string[], example: string) =>
  z.string().refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ""), `write ${example}`);

/** Where the stores are, beside the data directory. */
const Environment = z.object({
  HOTGRID_POSTGRES_URL: url(["postgresql:", "postgres:"], "postgresql://USER@HOST:5432/DATABASE").optional(),
  HOTGRID_POSTGRES_PASSWORD_FILE: File,
  HOTGRID_INFLUX_URL: url(["http:", "https:"], "http://HOST:8086").optional(),
  HOTGRID_INFLUX_DATABASE: z
    .string()
    .regex(/^[\w-]+$/, "letters, digits, _ and -")
    .default("hotgrid"),
  HOTGRID_INFLUX_VERSION: z
    .enum(["1", "2"], { error: "1 writes to /write (1.x), 2 to /api/v2/write (2.x, 3.x)" })
    .default("1")
    .transform((text) => Number(text) as 1 | 2),
  HOTGRID_INFLUX_ORG: z.string().min(1).optional(),
  HOTGRID_INFLUX_SECRET_FILE: File,
});

export interface StoreSettings {
  /** null: the data directory's own file. */
  readonly postgres: PostgresOptions | null;
  readonly influx: Omit<InfluxReadingStoreOptions, "utcOffset" | "retention"> | null;
}

export const STORE_HELP = `  HOTGRID_POSTGRES_URL=postgresql://USER@HOST:5432/DATABASE    关系库，不给则用数据目录 · tables; the data directory's file unless given
  HOTGRID_POSTGRES_PASSWORD_FILE=FILE         密码文件 · file with the password
  HOTGRID_INFLUX_URL=http://HOST:8086         时序库，不给则用数据目录 · readings; the data directory's file unless given
  HOTGRID_INFLUX_DATABASE=NAME                数据库或桶 · database or bucket, hotgrid
  HOTGRID_INFLUX_VERSION=1|2                  写入接口 · write path of 1.x, or of 2.x and 3.x, 1
  HOTGRID_INFLUX_ORG=NAME                     组织 · organisation of 2.x
  HOTGRID_INFLUX_SECRET_FILE=FILE             令牌或 用户:密码 · file with the token, or USER:PASSWORD of 1.x
`;

/** Throws an Error that names each variable at fault. */
export function readStoreSettings(env: NodeJS.ProcessEnv): StoreSettings {
  const result = Environment.safeParse(env);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`环境变量有误 · the environment is not acceptable\n${faults.join("\n")}`);
  }
  const { data } = result;
  return {
    postgres:
      data.HOTGRID_POSTGRES_URL === undefined
        ? null
        : { url: data.HOTGRID_POSTGRES_URL, passwordFile: data.HOTGRID_POSTGRES_PASSWORD_FILE },
    influx:
      data.HOTGRID_INFLUX_URL === undefined
        ? null
        : {
            ...{ url: data.HOTGRID_INFLUX_URL, database: data.HOTGRID_INFLUX_DATABASE, org: data.HOTGRID_INFLUX_ORG },
            ...{ writeVersion: data.HOTGRID_INFLUX_VERSION, secretFile: data.HOTGRID_INFLUX_SECRET_FILE },
          },
  };
}
