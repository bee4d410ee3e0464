import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";

export const FORMATS = ["uci-beijing", "sensor-community", "hotgrid-csv"] as const;

const ROOT = resolve(import.meta.dirname, "..", "..", "..");

export const REPLAY_HELP = `hotgrid replay --recording FILE|DIR|PREFIX --format FORMAT [options]

回放录制数据：经 MQTT 发布到独立的嵌入式系统，并逐条核对去向。
Publishes a recording over MQTT into an embedded system of its own and accounts for every reading.

  --recording PATH   文件、目录或文件名前缀，可重复 · file, folder or beginning of names; may be repeated
  --format FORMAT    ${FORMATS.join(" | ")}
  --speed N|max      录制时间的倍速 · times the recording's own pace; max
  --from ISO --to ISO  只回放这一时段 · only this period (from inclusive, to exclusive)
  --stations FILE    stationId,lon,lat[,division,kind]  (WGS-84)
  --utc-offset +HH:MM  hotgrid-csv 的城市时区 · the city's offset for hotgrid-csv; +08:00
  --json FILE        结果文件 · result file: counts, every episode, every ticket
  --data DIR         保留数据目录 · keep the data there; without it a temporary directory is used and removed
  --seeds DIR        城市种子 · the city's seeds; a recording outside that city gets a made-up one
  --quiet            不显示进度 · no progress
  --help

退出码 · exit codes: 0 done and balanced, 1 the accounts do not balance, 2 wrong call or failure
`;

const Iso = z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso));

const Arguments = z.strictObject({
  recording: z.array(z.string().min(1), "give --recording PATH").min(1),
  format: z.enum(FORMATS),
  speed: z.union([z.literal("max").transform(() => null), z.coerce.number().positive()]).default(null),
  from: Iso.optional(),
  to: Iso.optional(),
  stations: z.string().min(1).optional(),
  utcOffset: z
    .string()
    .regex(/^[+-]\d{2}:\d{2}$/)
    .default("+08:00"),
  json: z.string().min(1).optional(),
  data: z.string().min(1).optional(),
  seeds: z
    .string()
    .min(1)
    .default(join(ROOT, "seeds", "shaoxing")),
  quiet: z.boolean().default(false),
});
export type Arguments = z.infer<typeof Arguments>;

/** Throws an Error that names the option. */
export function readArguments(words: readonly string[]): Arguments | "help" {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      recording: { type: "string", multiple: true },
      format: text,
      speed: text,
      from: text,
      to: text,
      stations: text,
      "utc-offset": text,
      json: text,
      data: text,
      seeds: text,
      quiet: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return "help";
  const { "utc-offset": utcOffset, help: _, ...rest } = values;
  const parsed = Arguments.safeParse({ utcOffset, ...rest });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  --${path[0]?.toString() ?? ""}: ${message}`);
  throw new Error(`wrong arguments:\n${lines.join("\n")}\nsee hotgrid replay --help`);
}
