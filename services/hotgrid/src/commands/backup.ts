import { existsSync, statSync } from "node:fs";
import { cp } from "node:fs/promises";
import { backupDatabases, restoreDatabases } from "@hotgrid/store";
import { type DataDirectory, dataFiles, openDataDirectory } from "../data-directory.ts";
import { readStoreSettings } from "../store-settings.ts";
import { type Call, type Command, positional } from "./command.ts";

/** The log first: it then holds everything that the stores, copied later, may lack. The detector's snapshot is not
 *  copied: the log rebuilds it. */
const databasesOf = (call: Call): string[] => {
  const { postgres, influx } = readStoreSettings(process.env);
  if (postgres !== null || influx !== null) {
    throw new Error(
      "数据在服务器上，请用其自带工具备份 · the data is on servers: use pg_dump and influxd backup, see docs/operating.md",
    );
  }
  const { log, readings, database } = dataFiles(call.dataDir);
  return [log, readings, database];
};

/** The tickets' photos, and the keys without which every device would have to subscribe anew. After the databases, so
 *  that every photo that they tell of is there: a photo never changes. */
async function copyBesides(from: DataDirectory["files"], to: DataDirectory["files"]): Promise<void> {
  for (const name of ["evidence", "pushKeys"] as const)
    if (existsSync(from[name])) await cp(from[name], to[name], { recursive: true, errorOnExist: true, force: false });
}

/** Beside the secrets that it opens it would protect nothing. */
const keptElsewhere = ({ totpKey }: DataDirectory["files"]): string[] =>
  existsSync(totpKey) ? [`${totpKey} 不在备份中,请另行保管 · is not in the backup: keep it in another place`] : [];

export const backup: Command = {
  name: "backup",
  summary: {
    zh: "在线备份（运行中也可）",
    en: "copy databases, photos and keys, while the system runs or not; every database is checked",
  },
  usage: "TARGET_DIR",
  options: {},
  run: async (call) => {
    const target = positional(call, 0, "TARGET_DIR");
    const copies = await backupDatabases(databasesOf(call), target);
    const files = dataFiles(call.dataDir);
    await copyBesides(files, dataFiles(target));
    const lines = copies.map(({ file, bytes }) => `${file}  ${bytes} B`);
    return { json: copies, text: [...lines, ...keptElsewhere(files)].join("\n"), code: 0 };
  },
};

export const restore: Command = {
  name: "restore",
  summary: { zh: "从备份恢复到空的数据目录", en: "put a backup into a data directory that has no databases yet" },
  usage: "BACKUP_DIR",
  options: {},
  run: async (call) => {
    const source = positional(call, 0, "BACKUP_DIR");
    if (!existsSync(source) || !statSync(source).isDirectory()) throw new Error(`${source} is not a directory`);
    const directory = openDataDirectory(call.dataDir, call.values["real"] === true ? "real" : "demo");
    try {
      const files = await restoreDatabases(source, databasesOf(call));
      await copyBesides(dataFiles(source), dataFiles(call.dataDir));
      return { json: files, text: files.map(({ file, bytes }) => `${file}  ${bytes} B`).join("\n"), code: 0 };
    } finally {
      directory.release();
    }
  },
};
