import { type Clock, type Log, Rejected } from "@hotgrid/runtime";
import { type Database, openTotpKey, sealPlainTotp, TotpStore } from "@hotgrid/store";
import type { Kysely } from "kysely";

/** Where the key of the one-time codes is; `make`: in the data directory, where it is made when it is needed first. */
export interface TotpKeyFile {
  readonly file: string;
  readonly make: boolean;
}

/** One-time codes with their key, everything sealed that was not yet. A lost key stops nobody but those who log in with
 *  codes: a city's console is not kept down at night for it. */
export async function openTotp(db: Kysely<Database>, wall: Clock, keyFile: TotpKeyFile, log: Log): Promise<TotpStore> {
  try {
    const key = await openTotpKey(db, keyFile);
    const sealed = await sealPlainTotp(db, key);
    if (sealed > 0) log.warn({ sealed }, "secrets of one-time codes were stored as they are; they are sealed now");
    return new TotpStore(db, wall, key);
  } catch (error) {
    if (!(error instanceof Rejected) || error.reason !== "totp-key-lost") throw error;
    log.error({ err: error, messageZh: error.messageZh }, "one-time codes can't be checked without their key");
    return new TotpStore(db, wall, null);
  }
}
