import { z } from "zod";

/** The demo clock's state: demo time = at + (wall - wallAt) * speed. speed 0 is a pause. */
export const DemoClockState = z.strictObject({
  /** Demo time at the anchor, epoch ms. */
  at: z.number(),
  /** Wall time at the anchor, epoch ms. */
  wallAt: z.number(),
  speed: z.number().min(0).max(600),
});
export type DemoClockState = z.infer<typeof DemoClockState>;

/** "模拟一次焚烧": a fire at a place, lit now by the demo clock. */
export const DemoFire = z.strictObject({
  lon: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  minutes: z.number().min(1).max(240).default(45),
  /** g/s of PM2.5. detection.md: a straw fire of 1 ha emits 5 to 20. */
  pm25: z.number().min(0.01).max(50).default(6),
});
export type DemoFire = z.infer<typeof DemoFire>;

/** Messages between the all-in-one process and the simulator that it starts, over the child's IPC channel. */
export const SimulatorMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("clock"), clock: DemoClockState }),
  z.strictObject({ type: z.literal("fire"), fire: DemoFire }),
  z.strictObject({ type: z.literal("stop") }),
]);
export type SimulatorMessage = z.infer<typeof SimulatorMessage>;

export const SimulatorReport = z.discriminatedUnion("type", [
  /** Progress of the warm history, 0 to 1. */
  z.strictObject({ type: z.literal("warming"), done: z.number().min(0).max(1) }),
  /** History is acknowledged up to `until` (event time), clients are connected; live publishing has begun. */
  z.strictObject({ type: z.literal("live"), until: z.int() }),
  z.strictObject({ type: z.literal("failed"), reason: z.string() }),
]);
export type SimulatorReport = z.infer<typeof SimulatorReport>;
