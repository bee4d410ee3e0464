import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "@hotgrid/store";
import { testTicket } from "@hotgrid/tickets/testing";
import { afterEach, expect, test } from "vitest";
import { dataFiles } from "../data-directory.ts";
import { ticketsAuditClocks } from "./tickets.ts";

const SEEDS = fileURLToPath(new URL("../../../../seeds/shaoxing", import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), "hotgrid-tickets-"));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A ticket just opened, whose sweep never ran. */
async function openOneAt(now: number): Promise<void> {
  const database = await openDatabase(dataFiles(dataDir).database);
  const ticket = testTicket(now);
  const { id, revision, kind, severity, state, division } = ticket;
  const row = { id, revision, kind, severity, state, division, place: "p", open_place: "p", officer_id: "A" };
  const times = { overdue: 0, opened_at: now, updated_at: now, closed_at: null };
  await database
    .insertInto("tickets")
    .values({ ...row, ...times, document: JSON.stringify(ticket) })
    .execute();
  const entry = { revision: 1, at: now, action: "open", by: "system", byName: "系统", from: null, to: state, note: "" };
  await database
    .insertInto("ticket_history")
    .values({ ticket_id: id, revision: 1, at: now, action: "open", by: "system", document: JSON.stringify(entry) })
    .execute();
  for (const [position, { kind: clock, dueAt }] of ticket.obligations.entries()) {
    const due = { due_at: dueAt, remind_at: null, state: "running", settled_at: null } as const;
    await database
      .insertInto("obligations")
      .values({ ticket_id: id, position, kind: clock, ...due })
      .execute();
  }
  await database.destroy();
}

test("what is due and did not run is listed, with exit code 1; with the grace for it, every step is proven", async () => {
  await openOneAt(Date.now() - 31 * 60_000);
  const call = { positionals: [], values: {}, dataDir, seedsDir: SEEDS };
  expect(await ticketsAuditClocks.run(call)).toMatchObject({
    code: 1,
    json: { tickets: 1, clocks: 3, findings: [{ fault: "not-run", clock: { kind: "respond" } }] },
  });
  expect(await ticketsAuditClocks.run({ ...call, values: { grace: "3600" } })).toMatchObject({ code: 0 });
});
