import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../harness/embedded.ts";

/** Folder of each server that has a disk, below the topology's. */
const DISKS: Readonly<Record<string, string>> = {
  "nats-1": "nats/n0",
  "nats-2": "nats/n1",
  "nats-3": "nats/n2",
  influx: "influx",
  postgres: "postgres",
};
/** Size of each: in memory, and only as far as it is used. */
const SIZE = "1g";
/** Steps in which one is filled, the last one a page of memory: whoever writes meanwhile gets less. */
const STEPS = [256 * 1024 * 1024, 16 * 1024 * 1024, 1024 * 1024, 64 * 1024, 4096];

/** A disk of its own for each server, which can be filled; in the namespace of isolate.ts, so that they go with it. */
export class SmallDisks {
  readonly #folder: string;

  /** @param folder of a topology that has not started yet */
  constructor(folder: string) {
    this.#folder = folder;
    for (const name of Object.values(DISKS)) {
      mkdirSync(join(folder, name), { recursive: true });
      execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", join(folder, name)]);
    }
  }

  /** Leaves no byte on the server's disk, and returns the function that makes room again. */
  fill(server: string): () => void {
    const disk = join(this.#folder, DISKS[server] ?? server);
    const ballast = join(disk, "ballast");
    let offset = 0;
    for (const step of STEPS) {
      const words = () => ["--offset", `${offset}`, "--length", `${step}`, ballast];
      while (spawnSync("fallocate", words()).status === 0) offset += step;
    }
    return () => rmSync(ballast);
  }

  /** What docs/operating.md asks for before a NATS server is started whose disk was full. */
  removeTornSnapshots(server: string): void {
    const script = join(ROOT, "deploy", "nats", "remove-torn-snapshots.sh");
    execFileSync(script, [join(this.#folder, DISKS[server] ?? server, "store")]);
  }

  close(): void {
    for (const name of Object.values(DISKS)) execFileSync("umount", [join(this.#folder, name)]);
  }
}
