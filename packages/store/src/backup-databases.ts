import { constants } from "node:fs";
import { chmod, copyFile, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";

export interface BackupFile {
  readonly file: string;
  readonly bytes: number;
}

/** All pages in one step, off the main thread: a smaller step starts again whenever the running system writes. */
const ALL_PAGES = 2 ** 31 - 1;

/** Copies SQLite databases of a running system into `targetDir`, each as of one moment, one after the other: name the
 *  log first, so that it holds everything that the stores, copied later, may lack. Every copy is checked before it
 *  gets its name, and is readable by its owner only. Throws where a file is missing or the target has one already. */
export async function backupDatabases(files: readonly string[], targetDir: string): Promise<readonly BackupFile[]> {
  await mkdir(targetDir, { recursive: true, mode: 0o700 });
  const copies: BackupFile[] = [];
  for (const file of files) {
    const target = join(targetDir, basename(file));
    await refuseExisting(target);
    copies.push(await place(target, (unfinished) => copyOnline(file, unfinished)));
  }
  return copies;
}

/** Puts a backup's files where the system looks for them. Every copy is checked before the first is placed; where a
 *  database is there already, it throws: stop the system and move its files away first. */
export async function restoreDatabases(backupDir: string, files: readonly string[]): Promise<readonly BackupFile[]> {
  for (const file of files) {
    for (const present of [file, `${file}-wal`, `${file}-shm`]) await refuseExisting(present);
    checkDatabase(join(backupDir, basename(file)));
  }
  const restored: BackupFile[] = [];
  for (const file of files) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const copy = join(backupDir, basename(file));
    restored.push(await place(file, (unfinished) => copyFile(copy, unfinished, constants.COPYFILE_EXCL)));
  }
  return restored;
}

/** Throws, naming the first damage, where a database's pages, indexes or references don't agree. */
export function checkDatabase(file: string): void {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  try {
    const damage = sqlite.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"];
    if (damage !== "ok") throw new Error(`${file} is damaged: ${String(damage)}`);
    const orphan = sqlite.prepare("PRAGMA foreign_key_check").get();
    if (orphan !== undefined)
      throw new Error(`${file} is damaged: a row of ${String(orphan["table"])} refers to nothing`);
  } finally {
    sqlite.close();
  }
}

async function copyOnline(file: string, target: string): Promise<void> {
  const source = new DatabaseSync(file, { readOnly: true });
  try {
    await backup(source, target, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
}

/** The file appears under its name whole, checked and on the disk, or not at all. */
async function place(target: string, write: (unfinished: string) => Promise<void>): Promise<BackupFile> {
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { force: true });
  try {
    await write(unfinished);
    await chmod(unfinished, 0o600);
    checkDatabase(unfinished);
    const handle = await open(unfinished, "r+");
    await handle.sync().finally(() => handle.close());
    await rename(unfinished, target);
  } finally {
    for (const rest of ["", "-wal", "-shm"]) await rm(unfinished + rest, { force: true });
  }
  return { file: target, bytes: (await stat(target)).size };
}

async function refuseExisting(file: string): Promise<void> {
  const present = await stat(file).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ENOENT") throw cause;
      return false;
    },
  );
  if (present) throw new Error(`${file} exists: it is not overwritten`);
}
