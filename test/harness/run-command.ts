import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./embedded.ts";

/** Runs `hotgrid …` as its own process. */
export function runHotgrid(words: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((settle, reject) => {
    const script = join(ROOT, "services", "hotgrid", "src", "cli.ts");
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...words], { cwd: ROOT });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    child.once("error", reject);
    child.once("exit", (code) => settle({ code, stdout, stderr }));
  });
}
