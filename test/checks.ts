import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const bin = (name: string): string => join(root, "node_modules", ".bin", name);

export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
}

const CHECKS: readonly { name: string; command: string; words: readonly string[]; needs?: string }[] = [
  { name: "types", command: bin("tsc"), words: ["-p", "."] },
  {
    name: "types of the pages",
    command: bin("tsc"),
    words: ["-p", "services/console/web"],
    needs: "services/console/web/tsconfig.json",
  },
  { name: "lint and format", command: bin("biome"), words: ["check", "--error-on-warnings", "."] },
  {
    name: "architecture",
    command: bin("depcruise"),
    words: ["--config", ".dependency-cruiser.mjs", "packages", "services", "simulators", "test", "seeds"],
  },
  { name: "dead code and unused dependencies", command: bin("knip"), words: ["--no-progress"] },
];

/** Runs types, lint, architecture and dead-code checks; prints what fails. */
export function runChecks(): readonly CheckResult[] {
  return CHECKS.filter((check) => !check.needs || existsSync(join(root, check.needs))).map((check) => {
    const run = spawnSync(check.command, [...check.words], { cwd: root, encoding: "utf8" });
    const output = `${run.stdout ?? ""}${run.stderr ?? ""}${run.error?.message ?? ""}`;
    const passed = run.status === 0 && !sawNothing(check.name, output);
    process.stdout.write(`${passed ? "✓" : "✗"} check: ${check.name}\n`);
    if (!passed) process.stdout.write(`${output}\n`);
    return { name: check.name, passed };
  });
}

/** Without its parser dependency-cruiser reports success over no modules: that is a failure. */
function sawNothing(name: string, output: string): boolean {
  if (name !== "architecture") return false;
  const seen = /\((\d+) modules/.exec(output);
  return !seen || Number(seen[1]) === 0;
}
