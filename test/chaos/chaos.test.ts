import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { ROOT, temporaryFolder } from "../harness/embedded.ts";
import { hasTopology } from "../harness/topology.ts";

/** The result file, as far as this test looks at it; its form is in the design's interfaces. */
const Results = z.object({
  runs: z.array(
    z.looseObject({
      seed: z.int(),
      faults: z.array(z.string()),
      acknowledged: z.int(),
      commands: z.int(),
      notifications: z.int(),
      ticketsOpened: z.int(),
    }),
  ),
  proof: z.object({ removed: z.string(), missing: z.array(z.string()) }),
});
const NOTHING_WRONG = {
  ...{ missing: 0, doubled: 0, altered: 0, rollupsWrong: 0, otherLetters: 0, detectorEqual: true },
  ...{ ticketsLost: 0, ticketsDoubled: 0, commandsLost: 0, commandsDoubled: 0 },
  ...{ notificationsLost: 0, notificationsDoubled: 0, unsettled: [] },
};
/** Two seeds whose faults are of many kinds: see the first lines of what the run prints. */
const SEED = 46;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe.skipIf(!hasTopology())("the distributed system (Debian packages nats-server, influxdb, postgresql)", () => {
  test("loses and doubles nothing whatever breaks, decides as if nothing had, and a removed reading would be found", {
    timeout: 400_000,
  }, async () => {
    const file = join(folder.path, "chaos.json");
    const { code, output } = await runChaos(["--runs", "2", "--seed", `${SEED}`, "--json", file, "--prove"]);
    expect(code, output).toBe(0);
    const { runs, proof } = Results.parse(JSON.parse(readFileSync(file, "utf8")));
    expect(runs.map(({ seed }) => seed)).toEqual([SEED, SEED + 1]);
    for (const run of runs) {
      expect(run, output).toMatchObject(NOTHING_WRONG);
      expect(run.faults.length).toBeGreaterThan(2);
      // 24 stations, 90 minutes, and what they had buffered.
      expect(run.acknowledged).toBeGreaterThan(24 * 90);
    }
    expect(runs.reduce((sum, { ticketsOpened }) => sum + ticketsOpened, 0)).toBeGreaterThan(0);
    expect(runs.reduce((sum, { notifications }) => sum + notifications, 0)).toBeGreaterThan(0);
    expect(runs.reduce((sum, { commands }) => sum + commands, 0)).toBeGreaterThan(0);
    expect(proof.missing).toEqual([proof.removed]);
  });

  test("a number that is none is refused with its name", async () => {
    const { code, output } = await runChaos(["--runs", "0"]);
    expect(code).toBe(1);
    expect(output).toContain("--runs 0: give a whole number from 1 to 1000");
  });
});

async function runChaos(words: readonly string[]): Promise<{ code: number | null; output: string }> {
  const script = join(ROOT, "test", "chaos", "chaos-main.ts");
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...words], { cwd: ROOT });
  let output = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}
