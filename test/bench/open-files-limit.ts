import { readFileSync } from "node:fs";

/** Files that a process may have open, /proc/self/limits (proc(5)): Node raises its own limit to this one. */
export function openFilesLimit(): number {
  const [, hard] = /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
  return Number(hard);
}
