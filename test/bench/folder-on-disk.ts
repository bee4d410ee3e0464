import { mkdir, mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** f_type of a tmpfs, statfs(2): a sync costs nothing there. */
const TMPFS = 0x01021994;

/** A temporary folder on a disk, whatever the system's temporary folder is. */
export async function folderOnDisk(): Promise<string> {
  const temporary = await mkdtemp(join(tmpdir(), "hotgrid-bench-"));
  if ((await statfs(temporary)).type !== TMPFS) return temporary;
  await rm(temporary, { recursive: true });
  const local = resolve(import.meta.dirname, "../../node_modules/.cache");
  await mkdir(local, { recursive: true });
  return mkdtemp(join(local, "hotgrid-bench-"));
}
