import { createHash, type Hash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { type Kysely, sql } from "kysely";
import { type Database, openDatabase } from "../database.ts";
import { type TableShape, tableShapes } from "./table-shapes.ts";

export interface MovedTable {
  readonly table: string;
  readonly rows: number;
  /** Of every value in the order of the key, the same on both sides. */
  readonly sha256: string;
}

type Value = string | number | null;
type Row = readonly Value[];

/** Rows of one statement. Ours: some 10,000 parameters, of PostgreSQL's 65,535. */
const PAGE = 500;
/** Row of `meta` in the target by which an interrupted move knows its own. */
const MOVED_FROM = "moved-from";

/** Copies every table of a SQLite file that no process writes to, and compares both sides row by row. What an
 *  interrupted run has copied stays. Throws where the target holds anything else, or differs at the end.
 *  @param id of this move: the same when it is taken up again */
export async function moveTables(
  file: string,
  to: Kysely<Database>,
  id: string,
  report: (moved: MovedTable) => void,
): Promise<readonly MovedTable[]> {
  // Opened once as its own process would, so that both sides have the schema of today.
  await (await openDatabase(file)).destroy();
  const sqlite = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = tableShapes(sqlite);
    await claimTarget(to, tables, id);
    const moved: MovedTable[] = [];
    for (const table of tables) {
      await copyTable(sqlite, to, table);
      moved.push(await compared(sqlite, to, table));
      report(moved[moved.length - 1] as MovedTable);
    }
    return moved;
  } finally {
    sqlite.close();
  }
}

async function claimTarget(to: Kysely<Database>, tables: readonly TableShape[], id: string): Promise<void> {
  const claim = await to.selectFrom("meta").select("value").where("key", "=", MOVED_FROM).executeTakeFirst();
  if (claim?.value === id) return;
  for (const { name } of tables) {
    if (name === "audit_head") continue;
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(to);
    if (rows.length > 0) {
      throw new Error(
        `目标数据库不是空的 · the target database is not empty (${name}): create a new one, and start no service on it before the move`,
      );
    }
  }
  await to.insertInto("meta").values({ key: MOVED_FROM, value: id }).execute();
}

async function copyTable(sqlite: DatabaseSync, to: Kysely<Database>, table: TableShape): Promise<void> {
  // The migrations have made its one row.
  if (table.name === "audit_head") await to.deleteFrom("audit_head").execute();
  let page: Row[] = [];
  const flush = async () => {
    if (page.length === 0) return;
    const columns = sql.join(table.columns.map((name) => sql.id(name)));
    const values = sql.join(page.map((row) => sql`(${sql.join(row)})`));
    await sql`insert into ${sql.table(table.name)} (${columns}) values ${values} on conflict do nothing`.execute(to);
    page = [];
  };
  for (const row of sourceRows(sqlite, table)) {
    page.push(row);
    if (page.length === PAGE) await flush();
  }
  await flush();
}

async function compared(sqlite: DatabaseSync, to: Kysely<Database>, table: TableShape): Promise<MovedTable> {
  const [from, there] = [createHash("sha256"), createHash("sha256")];
  let [rows, found] = [0, 0];
  for (const row of sourceRows(sqlite, table)) {
    addRow(from, row);
    rows++;
  }
  for await (const row of targetRows(to, table)) {
    if (table.name === "meta" && row[0] === MOVED_FROM) continue;
    addRow(there, row);
    found++;
  }
  const [sha256, its] = [from.digest("hex"), there.digest("hex")];
  if (rows === found && sha256 === its) return { table: table.name, rows, sha256 };
  throw new Error(
    `表 ${table.name} 两边不一致 · table ${table.name} is not the same on both sides: ${rows} rows here, ${found} there; ` +
      "did a service run on either side meanwhile? start over with an empty database",
  );
}

const addRow = (hash: Hash, row: Row): void => {
  hash.update(JSON.stringify(row.map(shown))).update("\n");
};

/** As PostgreSQL keeps it. */
const shown = (value: Value): Value => (typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value);

function* sourceRows(sqlite: DatabaseSync, { name, columns, key }: TableShape): Generator<Row> {
  const quoted = (names: readonly string[]) => names.map((one) => `"${one}"`).join(", ");
  const statement = sqlite.prepare(`SELECT ${quoted(columns)} FROM "${name}" ORDER BY ${quoted(key)}`);
  for (const row of statement.iterate()) yield columns.map((column) => cellOf(row[column], name, column));
}

async function* targetRows(to: Kysely<Database>, { name, columns, key }: TableShape): AsyncGenerator<Row> {
  const keys = sql.join(key.map((one) => sql.id(one)));
  const selected = sql.join(columns.map((one) => sql.id(one)));
  let after: Row | undefined;
  for (;;) {
    const beyond = after === undefined ? sql`` : sql`where (${keys}) > (${sql.join(after)})`;
    const { rows } = await sql<Record<string, unknown>>`
      select ${selected} from ${sql.table(name)} ${beyond} order by ${keys} limit ${PAGE}`.execute(to);
    for (const row of rows) yield columns.map((column) => cellOf(row[column], name, column));
    const last = rows.at(-1);
    if (last === undefined) return;
    after = key.map((column) => cellOf(last[column], name, column));
  }
}

function cellOf(value: unknown, table: string, column: string): Value {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  throw new Error(`${table}.${column} holds a ${typeof value}: only texts, numbers and nulls can be moved`);
}
