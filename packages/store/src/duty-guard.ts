import type { Transaction } from "kysely";
import type { Database } from "./database.ts";

/** Looks at a change of duties within its transaction: called before it, and what it answers after it. Refuses it by
 *  throwing Rejected; then nothing was changed. */
export type DutyGuard = (trx: Transaction<Database>) => Promise<() => Promise<void>>;
