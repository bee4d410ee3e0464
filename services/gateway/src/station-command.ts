import { z } from "zod";

/** What a station can be told, on its commands topic (design: MQTT). */
export const StationCommand = z.discriminatedUnion("command", [
  z.strictObject({ command: z.literal("set-interval"), seconds: z.int().min(1).max(3600) }),
  z.strictObject({ command: z.literal("report-now") }),
  z.strictObject({ command: z.literal("clear-buffer") }),
]);
export type StationCommand = z.infer<typeof StationCommand>;

/** What a station says of itself on its status topic, retained. */
export const StationStatus = z.looseObject({ state: z.enum(["online", "offline"]) });

/** What a station answers to a command, by the command's id. */
export const StationResult = z.looseObject({ id: z.string().max(64) });
