import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const isCsv = (name: string) => /\.csv(\.gz)?$/.test(name);

/** Files of a recording: a file, a folder of CSV files, or the beginning of the names of some (`aberdeen/bonfire`).
 *  Throws where there is none. */
export async function findFiles(recording: string): Promise<string[]> {
  const found = await stat(recording).catch(() => null);
  if (found?.isFile()) return [recording];
  const [folder, start] = found?.isDirectory() ? [recording, ""] : [dirname(recording), basename(recording)];
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Error(`${recording}: there is no such file or folder`, { cause });
  });
  const files = names.filter((name) => name.startsWith(start) && isCsv(name)).toSorted();
  if (files.length === 0) throw new Error(`${recording}: no .csv or .csv.gz file`);
  return files.map((name) => join(folder, name));
}
