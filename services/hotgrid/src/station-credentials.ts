import { randomBytes } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { type Actor, hashSecret, type StationDirectory, SYSTEM } from "@hotgrid/store";

/** 192 random bits, so that a fast salted hash protects a stolen database well enough. */
const SECRET_BYTES = 24;

/** Gives every station (or those named) a new secret, stores only its hash, and writes the secrets once as CSV
 *  `stationId,secret`, readable by its owner only. The file is written before the hashes change, so that a crash in
 *  between leaves the old secrets valid. Returns the number of stations. */
export async function issueCredentials(
  directory: StationDirectory,
  file: string,
  ids?: ReadonlySet<string>,
  by: Actor = SYSTEM,
): Promise<number> {
  const issued = directory
    .all()
    .map(({ id }) => id)
    .filter((id) => !ids || ids.has(id))
    .map((id) => ({ id, secret: randomBytes(SECRET_BYTES).toString("base64url") }));
  writeOwnerOnly(file, `stationId,secret\n${issued.map(({ id, secret }) => `${id},${secret}\n`).join("")}`);
  await directory.setSecretHashes(new Map(issued.map(({ id, secret }) => [id, hashSecret(secret)])), by);
  return issued.length;
}

function writeOwnerOnly(file: string, text: string): void {
  const temporary = `${file}.new`;
  const handle = openSync(temporary, "w", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
}
