import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { runChecks } from "./checks.ts";

/** `npm test`: check, then every test, with one closing line over all suites. Words given go to vitest as filters. */
const root = resolve(import.meta.dirname, "..");
const filters = process.argv.slice(2);

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const checks = filters.length > 0 ? [] : runChecks();
const tests = runVitest();
const passed = checks.filter((check) => check.passed).length + tests.passed;
const failed = checks.filter((check) => !check.passed).length + tests.failed;
process.stdout.write(`${passed} passed, ${failed} failed, ${tests.skipped} skipped\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function runVitest(): { passed: number; failed: number; skipped: number } {
  const folder = mkdtempSync(join(tmpdir(), "hotgrid-test-"));
  const file = join(folder, "report.json");
  try {
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const words = ["run", "--config", "test/vitest.config.ts", "--reporter=default", "--reporter=json"];
    const run = spawnSync(process.execPath, [vitest, ...words, `--outputFile.json=${file}`, ...filters], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const report = Report.parse(JSON.parse(readFileSync(file, "utf8")));
    // A file that does not even load holds no test, but it is a failure all the same; so is a crash of the runner.
    const broken = report.testResults.filter((r) => r.status === "failed" && r.assertionResults.length === 0).length;
    const crashed = run.status !== 0 && report.numFailedTests + broken === 0 ? 1 : 0;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken + crashed,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
