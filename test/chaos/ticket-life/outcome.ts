import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { AuditStore, openDatabase } from "@hotgrid/store";

/** What a life has left behind, in a form in which two are the same or not. */
export interface Outcome {
  readonly tickets: readonly unknown[];
  readonly history: readonly unknown[];
  readonly obligations: readonly unknown[];
  /** Keys of the TICKETS log in its order. */
  readonly log: readonly string[];
  readonly proposals: readonly unknown[];
  readonly auditSteps: readonly string[];
  /** News that reached the outside by message id; what came twice under the same id is once. */
  readonly told: readonly string[];
  /** Messages that came twice, with the id of the first: the one window that can't be closed. */
  readonly repeated: number;
  /** Whether the chain of the audit log, and the tickets by it, are whole. */
  readonly audit: string;
}

export async function outcomeOf(folder: string): Promise<Outcome> {
  const db = await openDatabase(join(folder, "hotgrid.db"));
  const all = async (table: "tickets" | "ticket_history") =>
    (await db.selectFrom(table).selectAll().execute()).map((row) => JSON.parse(row.document));
  const audit = new AuditStore(db);
  const steps = await audit.list({ division: "330600", subject: "ticket", limit: 500 });
  const outside = await readOutside(join(folder, "outside.jsonl"));
  const told = new Map(outside.map(({ id, news }) => [id, news]));
  const outcome = {
    tickets: (await all("tickets")).toSorted(byJson),
    history: (await all("ticket_history")).toSorted(byJson),
    obligations: await db.selectFrom("obligations").selectAll().orderBy("ticket_id").orderBy("position").execute(),
    proposals: await db.selectFrom("boundary_proposals").selectAll().orderBy("id").execute(),
    auditSteps: steps.items.map(({ subjectId, action, details }) => `${subjectId}#${details["revision"]} ${action}`),
    log: readLog(join(folder, "log.db")),
    told: [...told.values()].flat().toSorted(),
    repeated: outside.length - told.size,
    audit: (await audit.verify()).problem?.message.en ?? "whole",
  };
  await db.destroy();
  return outcome;
}

const byJson = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

async function readOutside(file: string): Promise<{ readonly id: string; readonly news: readonly string[] }[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line));
}

function readLog(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare("select data from log_tickets order by seq").all();
  db.close();
  return rows.map(({ data }) => {
    const { ticket } = JSON.parse(Buffer.from(data as Uint8Array).toString("utf8"));
    return `${ticket.id}#${ticket.revision}`;
  });
}
