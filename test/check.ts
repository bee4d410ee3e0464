import { type CheckResult, runChecks } from "./checks.ts";

const results: readonly CheckResult[] = runChecks();
process.exitCode = results.every((result) => result.passed) ? 0 : 1;
