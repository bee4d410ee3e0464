import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freePorts, takePort } from "./free-ports.ts";

const MODULE = join(import.meta.dirname, "free-ports.ts");

/** Whether another process may have the port. */
function mayBeTakenElsewhere(port: number): boolean {
  const script = `import { takePort } from ${JSON.stringify(MODULE)}; console.log(await takePort(${port}));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script], {
    encoding: "utf8",
  });
  if (!/^(true|false)\n$/.test(stdout)) throw new Error(stderr);
  return stdout === "true\n";
}

test("a port is given once, though its server has not started yet or is down", async () => {
  const [port = 0] = await freePorts(1);
  expect(await takePort(port)).toBe(false);
  expect(mayBeTakenElsewhere(port)).toBe(false);
});
