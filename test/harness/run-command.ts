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
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    // One that refuses its words ends without reading: its code and what it prints say so.
    child.stdin.on("error", (error) => ("code" in error && error.code === "EPIPE") || reject(error));
    child.stdin.end(input);
    child.once("error", reject);
    // Not at its exit: what it printed last may still be on its way then.
    child.once("close", (code) => settle({ code, stdout, stderr }));
  });
}
