import { parseArgs } from "node:util";
import { z } from "zod";

export const FLEET_HELP = `fleet simulator: 300 stations over MQTT

  --mqtt-port N        port of the gateway
  --host ADDRESS       127.0.0.1
  --credentials FILE   CSV stationId,secret, from hotgrid stations credentials
  --scenario FILE      scenario file
  --seeds DIR          the city's seed files
  --warm-hours N       hours of history published before live begins; the scenario's warmupHours
  --start ISO          time at which live begins; the scenario's start
  --speed N            without a parent process: speed of the clock; 1
`;

const Arguments = z.strictObject({
  mqttPort: z.coerce.number().int().min(1).max(65_535),
  host: z.string().min(1).default("127.0.0.1"),
  credentials: z.string().min(1),
  scenario: z.string().min(1),
  seeds: z.string().min(1),
  warmHours: z.coerce.number().min(0).max(8760).optional(),
  /** Epoch ms. */
  start: z.iso
    .datetime({ offset: true })
    .transform((iso) => Date.parse(iso))
    .optional(),
  speed: z.coerce.number().min(0).max(600).default(1),
});
export type Arguments = z.infer<typeof Arguments>;

/** Throws an Error that names the flag. */
export function readArguments(words: readonly string[]): Arguments | "help" {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...words],
    options: {
      "mqtt-port": text,
      host: text,
      credentials: text,
      scenario: text,
      seeds: text,
      "warm-hours": text,
      start: text,
      speed: text,
      help: { type: "boolean" },
    },
  });
  if (values.help) return "help";
  const { "mqtt-port": mqttPort, "warm-hours": warmHours, help: _, ...rest } = values;
  const parsed = Arguments.safeParse({ mqttPort, warmHours, ...rest });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  --${flag(path.join("."))}: ${message}`);
  throw new Error(`wrong arguments:\n${lines.join("\n")}\n\n${FLEET_HELP}`);
}

const flag = (field: string) => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
