import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import { migrateToLatest } from "./migrate-to-latest.ts";
import { NodeSqliteDialect } from "./node-sqlite-dialect.ts";
import { withSqliteFailures } from "./sqlite-failure.ts";
import type { AuditTables } from "./tables/audit.ts";
import type { BoundaryProposalTables } from "./tables/boundary-proposals.ts";
import type { DutyTables } from "./tables/duty.ts";
import type { EvidenceTables } from "./tables/evidence.ts";
import type { LoginTables } from "./tables/logins.ts";
import type { NotificationTables } from "./tables/notifications.ts";
import type { PeopleAndStationTables } from "./tables/people-and-stations.ts";
import type { TicketTables } from "./tables/tickets.ts";
import type { TokenTables } from "./tables/tokens.ts";

/** Every table of the relational database, by owner. */
export interface Database
  extends PeopleAndStationTables,
    TicketTables,
    AuditTables,
    EvidenceTables,
    TokenTables,
    LoginTables,
    DutyTables,
    NotificationTables,
    BoundaryProposalTables {}

/** How long a statement waits for another process's lock, ms. Ours: the command line's writes take far less. */
const BUSY_TIMEOUT_MS = 10_000;

/** No code of ours changes what the audit log says, not even by a mistake. Who has the file can drop this, and is found
 *  out by the chain. */
const KEEP_AUDIT = ["update", "delete"]
  .map(
    (change) =>
      `create trigger if not exists audit_no_${change} before ${change} on audit
       begin select raise(abort, 'the audit log is append-only'); end;`,
  )
  .join("\n");

/** Opens the database of people, stations and tickets, and brings its schema up to date. `destroy()` closes it.
 *  Durable at commit (synchronous=FULL), read while written (WAL). Throws Unavailable where the disk can't. */
export async function openDatabase(file: string): Promise<Kysely<Database>> {
  const sqlite = withSqliteFailures(() => new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS }));
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(sqlite) });
  try {
    withSqliteFailures(() =>
      sqlite.exec("pragma journal_mode = WAL; pragma synchronous = FULL; pragma foreign_keys = ON"),
    );
    await migrateToLatest(db);
    withSqliteFailures(() => sqlite.exec(KEEP_AUDIT));
    return db;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}
