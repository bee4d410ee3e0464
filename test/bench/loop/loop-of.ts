import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LoopReport } from "./loop-meter.ts";

/** To be loaded before the system's own main, so that its loop can be asked. */
export const LOOP_METER = pathToFileURL(join(import.meta.dirname, "loop-meter.ts")).href;
/** The loop counts as idle below this share, looked at so often, ms. */
const IDLE = 0.12;
const LOOK_EVERY_MS = 250;
const QUIET_LOOKS = 3;

/** How late the system's timers were since the last call. */
export async function loopOf(child: ChildProcess): Promise<LoopReport> {
  const answer = once(child, "message");
  child.send("loop");
  return (await answer)[0];
}

/** Resolves when the system has nothing to do for a moment. */
export async function untilIdle(child: ChildProcess): Promise<void> {
  for (let quiet = 0; quiet < QUIET_LOOKS; ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    quiet = (await loopOf(child)).utilization < IDLE ? quiet + 1 : 0;
  }
}
