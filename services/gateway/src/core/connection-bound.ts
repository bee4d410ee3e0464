/** Files that a process needs besides its connections: databases, their logs, other services' sockets. Ours, ample. */
const OTHER_FILES = 400;

/** Connections that a process may take: each is an open file. At its limit the system would refuse them unseen, and the
 *  log's files with them.
 *  @param limits text of /proc/self/limits, proc(5); "" where the system has none */
export function connectionBound(wanted: number, limits: string): number {
  const [, openFiles] = /^Max open files +(\d+)/m.exec(limits) ?? [];
  return openFiles === undefined ? wanted : Math.max(1, Math.min(wanted, Number(openFiles) - OTHER_FILES));
}
