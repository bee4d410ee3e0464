import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Set in a process that has its own network, mounts and process numbers. */
const MARK = "HOTGRID_CHAOS_ISOLATED";
const NEEDED = ["/usr/bin/unshare", "/usr/sbin/ip", "/usr/sbin/nft"];

export const isIsolated = (): boolean => process.env[MARK] === "1";

const APART = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** Whether this process may have mounts and a network of its own: root in a container often may not. */
export function mayBeApart(): boolean {
  if (process.platform !== "linux" || !NEEDED.every((file) => existsSync(file))) return false;
  return spawnSync("unshare", [...APART, "sh", "-c", "ip link set lo up && nft list tables"]).status === 0;
}

/** Runs this very command again in a network, with mounts and process numbers of its own: firewall rules and disks are
 *  seen by nobody else, and everything ends with it, however it ends. Answers the exit code, or undefined where that is
 *  not possible (root on Linux with util-linux, iproute2 and nftables): cuts and full disks are left out then. */
export function runIsolated(): number | undefined {
  if (!mayBeApart()) return undefined;
  // A shell as the first process: it buries orphans. PostgreSQL's, after kill -9, would seem to live on otherwise.
  const shell = ["sh", "-c", 'ip link set lo up; "$@"; exit $?', "sh"];
  const run = spawnSync(
    "unshare",
    [...APART, ...shell, process.execPath, ...process.execArgv, ...process.argv.slice(1)],
    {
      stdio: "inherit",
      env: { ...process.env, [MARK]: "1" },
    },
  );
  if (run.error) throw run.error;
  return run.status ?? 1;
}
