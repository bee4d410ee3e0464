import { DatabaseSync, type StatementSync } from "node:sqlite";

/** Where a process is killed: at the n-th commit that changes something, counted from the arming, before it reaches the
 *  disk or right after. */
export interface KillPlan {
  readonly commit: number;
  readonly side: "before" | "after";
}

/** A consumer's place in the log is saved by itself, at every start too, and is no boundary: who is killed after it is as
 *  one who is killed before the next commit. */
const CURSOR = /into cursors\b/i;

/** Kills this process (SIGKILL, by the kernel) at a commit of any database that it has open, be it a transaction's or
 *  that of a single statement. Only for processes of tests: it stands in front of node:sqlite itself, so that no line
 *  of the system knows of it.
 *  Call it before the databases are opened; it counts from arm() on.
 *  @param plan null: counts only */
export function killAt(plan: KillPlan | null): { arm(): void; commits(): number } {
  let [commits, armed] = [0, false];
  const begun = new WeakMap<DatabaseSync, number>();
  const { exec, prepare } = DatabaseSync.prototype;
  const changes = (db: DatabaseSync): number =>
    Number(prepare.call(db, "select total_changes() as n").get()?.["n"] ?? 0);
  const die = (side: KillPlan["side"]) => {
    if (armed && plan?.commit === commits && plan.side === side) process.kill(process.pid, "SIGKILL");
  };
  const watched = <T>(db: DatabaseSync, sql: string, run: () => T): T => {
    const before = changes(db);
    if (/^\s*begin/i.test(sql)) {
      const result = run();
      begun.set(db, before);
      return result;
    }
    if (/^\s*commit/i.test(sql)) {
      if (before === begun.get(db)) return run();
      if (armed) commits++;
      die("before");
      const result = run();
      die("after");
      return result;
    }
    const result = run();
    if (!db.isTransaction && changes(db) !== before && !CURSOR.test(sql)) {
      if (armed) commits++;
      die("before");
      die("after");
    }
    return result;
  };
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql) {
    return watched(this, sql, () => exec.call(this, sql));
  };
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql) {
    const statement = prepare.call(this, sql);
    if (/^\s*(select|pragma)/i.test(sql)) return statement;
    for (const name of ["run", "all", "get"] as const) wrap(statement, name, (run) => watched(this, sql, run));
    return statement;
  };
  return {
    arm: () => {
      armed = true;
    },
    commits: () => commits,
  };
}

function wrap(statement: StatementSync, name: "run" | "all" | "get", around: <T>(run: () => T) => T): void {
  const original = statement[name].bind(statement) as (...values: readonly unknown[]) => unknown;
  Object.defineProperty(statement, name, { value: (...values: unknown[]) => around(() => original(...values)) });
}
