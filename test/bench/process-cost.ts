import { readFileSync } from "node:fs";

/** Clock ticks per second in /proc, sysconf(_SC_CLK_TCK) on Linux. */
const TICKS_PER_SECOND = 100;

/** User and system time of a process so far, s: fields 14 and 15 of /proc/PID/stat, proc(5). */
export function cpuSeconds(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory of a process, bytes: VmRSS of /proc/PID/status, proc(5). */
export function residentBytes(pid: number | undefined): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kibibytes) * 1024;
}
