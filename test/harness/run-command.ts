import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./embedded.ts";

/** Runs `hotgrid …` as its own process, with `input` on its standard input and `env` beside this one's. */
export function runHotgrid(
  words: readonly string[],
  input = "",
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((settle, reject) => {
    const script = join(ROOT, "services", "hotgrid", "src", "cli.ts");
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...words], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    child.stdin.end(input);
    child.once("error", reject);
    child.once("exit", (code) => settle({ code, stdout, stderr }));
  });
}
