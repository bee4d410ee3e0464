import type { Ticket, TicketHistoryEntry } from "@hotgrid/contracts";
import { type Kysely, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { type AuditEvent, appendAudit, appendTicketAudit, SYSTEM } from "./append-audit.ts";
import { AUDIT_GENESIS } from "./audit-chain.ts";
import { AuditStore } from "./audit-store.ts";
import type { Database } from "./database.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";

const event = (subjectId: string, changes: Partial<AuditEvent> = {}): AuditEvent => ({
  at: 1000,
  actor: { account: "wang", address: "10.0.0.7" },
  subject: "account",
  subjectId,
  division: "330602",
  action: "disable",
  ...changes,
});

let db: Kysely<Database>;
let audit: AuditStore;
beforeEach(async () => {
  db = await openTestDatabase();
  audit = new AuditStore(db);
});
afterEach(() => db.destroy());

const append = (...events: readonly AuditEvent[]) =>
  db.transaction().execute(async (trx) => {
    for (const each of events) await appendAudit(trx, each);
  });
/** Who has the file, or owns the table, is not stopped by our triggers. */
const byHand = async (statement: string) => {
  const disarm =
    inject("postgresUrl") === undefined
      ? ["update", "delete"].map((change) => `drop trigger if exists audit_no_${change}`)
      : ["alter table audit disable trigger user"];
  for (const step of disarm) await sql.raw(step).execute(db);
  await sql.raw(statement).execute(db);
};

describe("the log", () => {
  test("tells who did what, when, from which address, last first", async () => {
    await append(event("li"), event("zhao", { details: { role: "officer" } }));
    const { items } = await audit.list({ division: "330600", limit: 10 });
    expect(items.map(({ seq, subjectId }) => [seq, subjectId])).toEqual([
      [2, "zhao"],
      [1, "li"],
    ]);
    expect(items[0]).toMatchObject({ at: 1000, account: "wang", address: "10.0.0.7", details: { role: "officer" } });
    expect(await audit.verify()).toMatchObject({ head: { count: 2 }, problem: null });
  });

  test("has no record of a change that did not happen", async () => {
    const failing = db.transaction().execute(async (trx) => {
      await appendAudit(trx, event("li"));
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow();
    expect(await audit.verify()).toEqual({ head: { count: 0, hash: AUDIT_GENESIS }, problem: null });
  });

  test("keeps its order when many write at once", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(event(`account-${n}`))));
    expect(await audit.verify()).toMatchObject({ head: { count: 20 }, problem: null });
  });

  test.each(["update audit set account = 'nobody'", "delete from audit"])(
    "refuses `%s` of our own code",
    async (statement) => {
      await append(event("li"));
      await expect(sql.raw(statement).execute(db)).rejects.toThrow("append-only");
    },
  );

  test.each([
    ["a division with all below it", { division: "330602" }, ["village", "county"]],
    ["the city, with what belongs to no division", { division: "330600" }, ["village", "county", "city", "nowhere"]],
    ["another county: nothing", { division: "330603" }, []],
    ["one account", { division: "330600", account: "li" }, ["county"]],
    ["one subject", { division: "330600", subject: "account", subjectId: "city" }, ["city"]],
    ["a time", { division: "330600", from: 2000, to: 3000 }, ["village"]],
  ] as const)("is read by %s", async (_what, query, found) => {
    await append(
      event("nowhere", { division: null }),
      event("city", { division: "330600" }),
      event("county", { actor: { account: "li", address: null } }),
      event("village", { division: "330602001001", at: 2000 }),
    );
    const { items } = await audit.list({ ...query, limit: 10 });
    expect(items.map(({ subjectId }) => subjectId)).toEqual(found);
  });

  test("pages follow each other", async () => {
    await append(event("a"), event("b"), event("c"));
    const first = await audit.list({ division: "330600", limit: 2 });
    const second = await audit.list({ division: "330600", limit: 2, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map(({ subjectId }) => subjectId)).toEqual(["c", "b", "a"]);
    expect(second.nextCursor).toBeNull();
  });
});

describe("in the database", () => {
  beforeEach(() => append(event("a"), event("b"), event("c")));

  test.each([
    ["a changed value", "update audit set account = 'li' where seq = 2", "changed", 2],
    ["a changed detail", `update audit set details = '{"role":"administrator"}' where seq = 1`, "changed", 1],
    ["details that can't be read", "update audit set details = 'x' where seq = 1", "changed", 1],
    ["a removed record", "delete from audit where seq = 2", "broken", 3],
    ["a tail that was cut off", "delete from audit where seq >= 2", "truncated", 2],
    ["the whole log removed", "delete from audit", "truncated", 1],
    ["a head set back with the tail", "update audit_head set count = 2", "beyond", 3],
    ["a forged head", "update audit_head set hash = '0'", "head", 3],
    ["a removed head", "delete from audit_head", "beyond", 1],
  ])("%s is found", async (_what, statement, kind, seq) => {
    await byHand(statement);
    expect((await audit.verify()).problem).toMatchObject({ kind, seq });
  });

  test("a log that was cut off with its head is found by a head that was written down before", async () => {
    const { head } = await audit.verify();
    await byHand("delete from audit where seq = 3");
    const second = await db.selectFrom("audit").select("hash").where("seq", "=", 2).executeTakeFirstOrThrow();
    await db.updateTable("audit_head").set({ count: 2, hash: second.hash }).execute();
    expect((await audit.verify()).problem).toBeNull();
    expect((await audit.verify(head)).problem).toMatchObject({ kind: "anchor", seq: 3 });
    await append(event("forged"));
    expect((await audit.verify(head)).problem).toMatchObject({ kind: "anchor", seq: 3 });
  });
});

describe("a ticket", () => {
  const entry = { revision: 1, at: 5, action: "open", by: "system", from: null, to: "dispatched", note: "" };
  const step = (revision: number) => ({
    ticket: { id: "T-1", revision, division: "330602001001", officerId: "O-1" } as Ticket,
    entry: { ...entry, revision } as TicketHistoryEntry,
  });
  beforeEach(async () => {
    await db.transaction().execute(async (trx) => {
      const { ticket, entry } = step(1);
      const row = { id: "T-1", revision: 1, kind: "local", severity: "red", state: "dispatched", place: "p" } as const;
      const times = { opened_at: 5, updated_at: 5, closed_at: null };
      const rest = { open_place: null, division: ticket.division, officer_id: "O-1", overdue: 0 };
      const document = JSON.stringify(ticket);
      await trx
        .insertInto("tickets")
        .values({ ...row, ...times, ...rest, document })
        .execute();
      await trx.insertInto("ticket_history").values(historyRow(entry)).execute();
      await appendTicketAudit(trx, step(1), "10.0.0.7");
    });
  });
  const historyRow = (line: TicketHistoryEntry) => ({
    ...{ ticket_id: "T-1", revision: line.revision, at: line.at, action: line.action, by: line.by },
    document: JSON.stringify(line),
  });

  test("whose records and documents agree is whole", async () => {
    expect(await audit.verify()).toMatchObject({ head: { count: 1 }, problem: null });
  });

  test.each([
    ["a changed line of history", `update ticket_history set document = '{"by":"li"}'`],
    ["a removed line of history", "delete from ticket_history"],
    ["a changed state", `update tickets set document = '{"state":"closed"}'`],
  ])("%s is found though the log itself is whole", async (_what, statement) => {
    await byHand(statement);
    expect((await audit.verify()).problem).toMatchObject({ kind: "ticket", seq: 1 });
  });

  test("a line of history that nobody recorded is found", async () => {
    await db
      .insertInto("ticket_history")
      .values(historyRow(step(2).entry))
      .execute();
    expect((await audit.verify()).problem).toMatchObject({ kind: "ticket" });
  });
});

test("what the system does by itself has no address", async () => {
  await append(event("a", { actor: SYSTEM }));
  const [record] = (await audit.list({ division: "330602", limit: 1 })).items;
  expect(record).toMatchObject({ account: "system", address: null });
});
