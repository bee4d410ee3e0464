import { readFile } from "node:fs/promises";

/** Reads `stationId,secret` lines as `hotgrid stations credentials` writes them. Errors never show a secret. */
export async function readCredentials(file: string): Promise<ReadonlyMap<string, string>> {
  const [header, ...lines] = (await readFile(file, "utf8")).split(/\r?\n/);
  if (header?.trim() !== "stationId,secret") throw new Error(`${file}: the first line must be stationId,secret`);
  const secrets = new Map<string, string>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const [stationId, secret, ...rest] = line.split(",");
    if (!stationId || !secret || rest.length > 0) throw new Error(`${file}:${i + 2}: not stationId,secret`);
    secrets.set(stationId, secret.trim());
  }
  return secrets;
}
