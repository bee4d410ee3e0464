import { randomUUID } from "node:crypto";
import { link, mkdir, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a new secret, for its owner's eyes only (0600), whole or not at all. Where the file is there already, it stays
 *  as it is: of two processes that start at the same time, the second one's secret is thrown away. */
export async function placeSecretFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const whole = `${file}.${randomUUID()}`;
  await writeFile(whole, text, { mode: 0o600, flush: true });
  try {
    await link(whole, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await unlink(whole);
  }
}
