import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_PASSWORD } from "@hotgrid/hotgrid-service";
import { readSeeds } from "@hotgrid/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { ApiClient } from "../harness/api-client.ts";
import { ROOT, temporaryFolder } from "../harness/embedded.ts";
import { ServerProcess } from "../harness/servers/server-process.ts";
import { hasTopology } from "../harness/topology.ts";

const HOUR_MS = 3_600_000;

let folder: ReturnType<typeof temporaryFolder>;
let distributed: ServerProcess | undefined;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await distributed?.end("SIGKILL");
  folder.remove();
});

describe.skipIf(!hasTopology())("npm run distributed (Debian packages nats-server, influxdb, postgresql)", () => {
  test("shows on the console what stations publish, brings back what was killed, and leaves nothing behind", {
    timeout: 600_000,
  }, async () => {
    const { stations } = await readSeeds(join(ROOT, "seeds", "shaoxing"));
    // Its temporary files are to be here, where PostgreSQL may pass.
    const temporary = join(folder.path, "tmp");
    for (const path of [folder.path, temporary]) mkdirSync(path, { recursive: true });
    chmodSync(folder.path, 0o711);
    const readyFile = join(folder.path, "ready.json");
    const ports = ["--http-port", "0", "--mqtt-port", "0", "--ready-file", readyFile];
    const words = [join(ROOT, "test", "distributed", "main.ts"), "--warm-hours", "0.1", ...ports];
    const running = new ServerProcess(process.execPath, words, /Ctrl-C/, { env: { TMPDIR: temporary } });
    distributed = running;
    await running.start();
    const ready = z
      .object({ http: z.int(), members: z.record(z.string(), z.int()) })
      .parse(JSON.parse(readFileSync(readyFile, "utf8")));
    expect(Object.keys(ready.members)).toHaveLength(14);

    process.kill(ready.members["recorder-1"] ?? 0, "SIGKILL");
    await expect.poll(() => running.output(), { timeout: 120_000 }).toContain("recorder-1 已恢复");
    const api = new ApiClient(ready.http);
    await api.login("operator", DEMO_PASSWORD);
    const to = Date.now();
    const range = `from=${to - 2 * HOUR_MS}&to=${to}&interval=raw&properties=pm25`;
    const stored = async () => {
      const all = stations.slice(0, 5).map(({ id }) => api.get(`/stations/${id}/readings?${range}`));
      return (await Promise.all(all)).map((series) => (series as { times: unknown[] }).times.length);
    };
    // Six minutes of history, one reading a minute; a station may miss one.
    const each = expect.toSatisfy((count: number) => count >= 5);
    await expect.poll(stored, { timeout: 120_000 }).toEqual(Array(5).fill(each));

    expect(await running.end("SIGTERM")).toBe(0);
    expect(processesThatName(folder.path)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

/** Command lines of the machine's processes in which the text is. */
function processesThatName(text: string): readonly string[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      const line = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
      return line.includes(text) ? [line] : [];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
