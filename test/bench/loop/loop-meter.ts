import { monitorEventLoopDelay, performance } from "node:perf_hooks";

/** Loaded before the system's own main (`--import`): answers each "loop" of the bench with how late the process's timers
 *  were since the last one. */
export interface LoopReport {
  /** Delay of the event loop, ms. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Share of the time in which the loop was busy. */
  readonly utilization: number;
}

/** Pace of the samples, ms; the histogram contains it. */
const RESOLUTION_MS = 2;
const NANOSECONDS = 1e6;

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
let before = performance.eventLoopUtilization();
const late = (ns: number): number => Math.max(0, Number((ns / NANOSECONDS - RESOLUTION_MS).toFixed(2)));

process.on("message", (request) => {
  if (request !== "loop") return;
  const now = performance.eventLoopUtilization();
  const report: LoopReport = {
    p50: late(delay.percentile(50)),
    p99: late(delay.percentile(99)),
    max: late(delay.max),
    utilization: performance.eventLoopUtilization(now, before).utilization,
  };
  before = now;
  delay.reset();
  process.send?.(report);
});
// Asking must not keep a stopping system alive.
process.channel?.unref();
