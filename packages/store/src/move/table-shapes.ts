import type { DatabaseSync } from "node:sqlite";

export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns of the primary key, in its order. */
  readonly key: readonly string[];
}

/** The tables of a database, each after those that it refers to. */
export function tableShapes(sqlite: DatabaseSync): readonly TableShape[] {
  const names = column(
    sqlite,
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'kysely%' ORDER BY name",
  );
  const ordered: string[] = [];
  const place = (name: string) => {
    if (ordered.includes(name)) return;
    for (const parent of column(sqlite, `SELECT DISTINCT "table" FROM pragma_foreign_key_list('${name}')`)) {
      if (parent !== name) place(parent);
    }
    ordered.push(name);
  };
  for (const name of names) place(name);
  return ordered.map((name) => ({
    name,
    columns: column(sqlite, `SELECT name FROM pragma_table_info('${name}') ORDER BY cid`),
    key: column(sqlite, `SELECT name FROM pragma_table_info('${name}') WHERE pk > 0 ORDER BY pk`),
  }));
}

const column = (sqlite: DatabaseSync, query: string): string[] =>
  sqlite
    .prepare(query)
    .all()
    .map((row) => String(Object.values(row)[0]));
