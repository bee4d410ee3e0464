import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export type Mode = "demo" | "real";

/** The files of one embedded system. */
export interface DataDirectory {
  readonly path: string;
  readonly files: {
    readonly log: string;
    readonly readings: string;
    readonly database: string;
    readonly snapshot: string;
    readonly demoClock: string;
    readonly demoCredentials: string;
    /** Folder of `hotgrid grid import`: its areas replace the seed's. */
    readonly gridOverrides: string;
    /** Folder of the tickets' photos. */
    readonly evidence: string;
    /** Keys of Web Push. */
    readonly pushKeys: string;
    /** Key of the one-time codes' secrets, unless another file is named. */
    readonly totpKey: string;
  };
  release(): void;
}

export const dataFiles = (path: string): DataDirectory["files"] => ({
  log: join(path, "log.sqlite"),
  readings: join(path, "readings.sqlite"),
  database: join(path, "hotgrid.sqlite"),
  snapshot: join(path, "detector.snapshot"),
  demoClock: join(path, "demo-clock.json"),
  demoCredentials: join(path, "demo-station-credentials.csv"),
  gridOverrides: join(path, "grid"),
  evidence: join(path, "evidence"),
  pushKeys: join(path, "web-push-keys.json"),
  totpKey: join(path, "totp.key"),
});

/** Opens the directory for one process alone and for one mode. The lock is SQLite's own, so that the operating system
 *  lets it go even after kill -9. Throws an Error that says who holds it or which mode it was made in. */
export function openDataDirectory(path: string, mode: Mode): DataDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(path, "lock.sqlite"));
  try {
    lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw new Error(
      `数据目录正被另一进程使用 · ${path} is in use by another Hotgrid process; stop it or give --data DIR`,
      { cause },
    );
  }
  try {
    claimMode(path, mode);
  } catch (error) {
    lock.close();
    throw error;
  }
  return { path, files: dataFiles(path), release: () => lock.close() };
}

/** A demo's times run ahead of the real clock: such a directory must never become a city's real one. What was moved to
 *  servers goes on there and nowhere else. */
function claimMode(path: string, mode: Mode): void {
  const file = modeFile(path);
  if (!existsSync(file)) writeFileSync(file, mode);
  const found = readFileSync(file, "utf8");
  if (found === MOVED) {
    throw new Error(
      `${path} 的数据已迁移到服务器 · its data was moved to servers (hotgrid migrate); start the services there`,
    );
  }
  if (found !== mode) {
    throw new Error(
      `${path} 是${found === "demo" ? "演示" : "正式"}数据 · holds ${found} data and can't be used for ${mode}; give --data DIR`,
    );
  }
}

/** From now on no embedded system starts on the directory. */
export const markMoved = (path: string): void => writeFileSync(modeFile(path), MOVED);

const MOVED = "moved";
const modeFile = (path: string): string => join(path, "mode");
