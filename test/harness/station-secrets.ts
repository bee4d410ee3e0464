import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runHotgrid } from "./run-command.ts";

/** Issues secrets as a person would, with `hotgrid stations credentials`, and reads them back. */
export async function issueSecrets(
  folder: string,
  data: string,
  seedsDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Map<string, string>> {
  const out = join(folder, "secrets.csv");
  const words = ["stations", "credentials", "--rotate", "--out", out, "--data", data, "--seeds", seedsDir];
  const run = await runHotgrid(words, "", env);
  if (run.code !== 0) throw new Error(`stations credentials: exit code ${run.code}\n${run.stderr}`);
  const rows = readFileSync(out, "utf8").trim().split("\n").slice(1);
  return new Map(rows.map((row) => row.split(",") as [string, string]));
}
