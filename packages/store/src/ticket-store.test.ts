import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account, Episode, Ticket } from "@hotgrid/contracts";
import { canSee } from "@hotgrid/tickets";
import fc from "fast-check";
import type { Kysely } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "./database.ts";
import { EpisodeStore } from "./episode-store.ts";
import { openTestDatabase } from "./testing/open-test-database.ts";
import { TicketStore } from "./ticket-store.ts";

let folder: string;
let db: Kysely<Database>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-tickets-"));
  db = await openTestDatabase(join(folder, "hotgrid.db"));
});
afterEach(async () => {
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const blank = {
  severity: "yellow",
  title: { zh: "", en: "" },
  explanation: { zh: "", en: "" },
  observedProperties: ["pm25"],
  stationIds: ["S1"],
  cellIds: [],
  lon: 120,
  lat: 30,
} as const;

async function put(ticket: Partial<Ticket> & { id: string }, overdue = 0): Promise<void> {
  const whole = { ...blank, kind: "local", state: "dispatched", division: "330602001001", ...ticket } as Ticket;
  const { id, kind, severity, state, division } = whole;
  await db
    .insertInto("tickets")
    .values({
      ...{ id, kind, severity, state, division, overdue },
      revision: 1,
      place: id,
      open_place: state === "closed" ? null : id,
      officer_id: whole.officerId ?? "A",
      opened_at: whole.openedAt ?? 0,
      updated_at: 0,
      closed_at: null,
      document: JSON.stringify({ ...whole, officerId: whole.officerId ?? "A" }),
    })
    .execute();
}

async function putEpisode(episode: Partial<Episode> & { id: string; startedAt: number }): Promise<void> {
  const whole = {
    ...blank,
    kind: "local",
    status: "firing",
    division: "330602001001",
    endedAt: null,
    ...episode,
  } as Episode;
  const { id, kind, status, division, startedAt, endedAt } = whole;
  const document = JSON.stringify(whole);
  const times = { started_at: startedAt, confirmed_at: startedAt, ended_at: endedAt };
  await db
    .insertInto("episodes")
    .values({ id, kind, status, division, ...times, revision: 1, document })
    .execute();
}

const ids = (page: { items: readonly { id: string }[] }) => page.items.map((item) => item.id);

test("pages follow each other without gap or repeat, also where several were opened in the same moment", async () => {
  for (const [index, id] of ["a", "b", "c", "d", "e"].entries()) await put({ id, openedAt: index < 3 ? 1 : 2 });
  const store = new TicketStore(db);
  const first = await store.listTickets({ limit: 2 });
  const second = await store.listTickets({ limit: 2, cursor: first.nextCursor ?? "" });
  const third = await store.listTickets({ limit: 2, cursor: second.nextCursor ?? "" });
  expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(["e", "d", "c", "b", "a"]);
  expect(third.nextCursor).toBeNull();
});

test("a cursor that is none of ours is refused with the reason", async () => {
  const store = new TicketStore(db);
  await expect(store.listTickets({ limit: 2, cursor: "nonsense" })).rejects.toMatchObject({ reason: "bad-cursor" });
});

test("a list is bounded whatever is asked for", async () => {
  await put({ id: "a" });
  await put({ id: "b" });
  const store = new TicketStore(db);
  expect(ids(await store.listTickets({ limit: 0 }))).toHaveLength(1);
  expect(ids(await store.listTickets({ limit: Number.NaN }))).toHaveLength(1);
  expect(ids(await store.listTickets({ limit: 1e9 }))).toHaveLength(2);
});

test("filters narrow: status, state, division with all below it, officer, overdue", async () => {
  await put({ id: "open", openedAt: 1 }, 1);
  await put({ id: "handling", openedAt: 2, state: "handling", division: "330602002001", officerId: "B" });
  await put({ id: "done", openedAt: 3, state: "closed", division: "330603001001" });
  const store = new TicketStore(db);
  const list = async (query: object) => ids(await store.listTickets({ limit: 10, ...query }));
  expect(await list({ status: "open" })).toEqual(["handling", "open"]);
  expect(await list({ status: "closed" })).toEqual(["done"]);
  expect(await list({ state: "handling" })).toEqual(["handling"]);
  expect(await list({ division: "330602" })).toEqual(["handling", "open"]);
  expect(await list({ division: "330602001" })).toEqual(["open"]);
  expect(await list({ division: "330600" })).toEqual(["done", "handling", "open"]);
  expect(await list({ officerId: "B" })).toEqual(["handling"]);
  expect(await list({ overdue: true })).toEqual(["open"]);
});

test("the list shows an account exactly what canSee() lets it see", async () => {
  const divisions = ["330602001001", "330602001002", "330602002001", "330603001001", "330602001"];
  const kinds = ["local", "device-fault"] as const;
  const all: (Partial<Ticket> & { id: string })[] = divisions.flatMap((division) =>
    kinds.flatMap((kind) =>
      ["A", "B"].map((officerId) => ({ id: `${division}${kind}${officerId}`, division, kind, officerId })),
    ),
  );
  for (const ticket of all) await put(ticket);
  const store = new TicketStore(db);
  const accounts = fc.record({
    id: fc.constant("x"),
    name: fc.constant("x"),
    role: fc.constantFrom<Account["role"]>(
      "viewer",
      "officer",
      "supervisor",
      "operator",
      "maintenance",
      "administrator",
    ),
    division: fc.constantFrom("330600", "330602", ...divisions),
    officerId: fc.constantFrom(null, "A", "B"),
  });
  await fc.assert(
    fc.asyncProperty(accounts, async (account) => {
      const listed = ids(await store.listTickets({ visibleTo: account, limit: 100 }));
      const seen = all.filter((ticket) => canSee(account, ticket as Ticket)).map((ticket) => ticket.id);
      expect(listed.toSorted()).toEqual(seen.toSorted());
    }),
  );
});

test("episodes: filters, pages, and the tickets that deal with them", async () => {
  await putEpisode({ id: "old", startedAt: 100, status: "resolved", endedAt: 200 });
  await putEpisode({ id: "long", startedAt: 150 });
  await putEpisode({ id: "new", startedAt: 500, kind: "regional", division: "330603" });
  const store = new EpisodeStore(db);
  const list = async (query: object) => ids(await store.listEpisodes({ limit: 10, ...query }));
  expect(await list({})).toEqual(["new", "long", "old"]);
  expect(await list({ status: "firing" })).toEqual(["new", "long"]);
  expect(await list({ kind: "regional" })).toEqual(["new"]);
  expect(await list({ division: "330602" })).toEqual(["long", "old"]);
  expect(await list({ from: 300, to: 400 })).toEqual(["long"]);
  const page = await store.listEpisodes({ limit: 2 });
  expect(await list({ cursor: page.nextCursor ?? "" })).toEqual(["old"]);
  expect((await store.getEpisode("long"))?.startedAt).toBe(150);
  expect(await store.getEpisode("none")).toBeUndefined();

  await put({ id: "T" });
  await db.insertInto("ticket_episodes").values({ episode_id: "long", ticket_id: "T" }).execute();
  expect(await new TicketStore(db).ticketIdsOf(["long", "new"])).toEqual(new Map([["long", ["T"]]]));
});

test("a place has one open ticket, by the database itself", async () => {
  await put({ id: "a" });
  const twin = db.updateTable("tickets").set({ open_place: "b" }).where("id", "=", "a");
  await put({ id: "b" });
  await expect(twin.execute()).rejects.toThrow(/unique/i);
});
