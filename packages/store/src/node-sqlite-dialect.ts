import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from "kysely";
import { preparedOnce } from "./prepared-statements.ts";
import { withSqliteFailures } from "./sqlite-failure.ts";

/** Kysely's own SQLite dialect over Node's built-in driver: one connection, which kysely hands to one query or one
 *  transaction at a time. Inside a transaction use the transaction's object only: a query on the outer one waits for
 *  the transaction to end, and so for ever. */
export class NodeSqliteDialect implements Dialect {
  readonly #sqlite: DatabaseSync;

  constructor(sqlite: DatabaseSync) {
    this.#sqlite = sqlite;
  }
  createDriver(): Driver {
    return new NodeSqliteDriver(this.#sqlite);
  }
  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }
  createAdapter(): DialectAdapter {
    return new TransactionalDdlAdapter();
  }
  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

/** SQLite can roll back a schema change, so that a migration happens whole or not at all. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #sqlite: DatabaseSync;

  constructor(sqlite: DatabaseSync) {
    super({ database: asKyselyDatabase(sqlite) });
    this.#sqlite = sqlite;
  }

  /** Takes the write lock at once: a transaction that reads first and writes later would otherwise fail, without
   *  waiting, whenever another process (the command line) wrote in between. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /** A full disk makes SQLite roll back by itself; a second rollback would only hide the reason. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#sqlite.isTransaction) await super.rollbackTransaction(connection);
  }
}

function asKyselyDatabase(sqlite: DatabaseSync): SqliteDatabase {
  return {
    close: () => sqlite.close(),
    prepare: preparedOnce((sql) => asKyselyStatement(withSqliteFailures(() => sqlite.prepare(sql)))),
  };
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => withSqliteFailures(() => statement.all(...sqliteValues(parameters))),
    run: (parameters) => withSqliteFailures(() => statement.run(...sqliteValues(parameters))),
    iterate: (parameters) => statement.iterate(...sqliteValues(parameters)),
  };
}

function sqliteValues(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "bigint")
      return value;
    if (value instanceof Uint8Array) return value;
    throw new TypeError(`a column of type ${typeof value} is not portable: store text, a number or null`);
  });
}
