import { encodeJson } from "@hotgrid/bus";
import type { TicketAction } from "@hotgrid/contracts";
import { BoundaryProposalStore, SYSTEM } from "@hotgrid/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HOUR, OFFICER, START, World } from "./testing.ts";

let world: World;
let id: string;
beforeEach(async () => {
  world = await World.open();
  await world.episode("E1", 1);
  id = (await world.events(1))[0]?.ticket.id ?? "";
});
afterEach(() => world.close());

describe("from the wrong side", () => {
  test.each<[string, string, TicketAction, object, string, string]>([
    ["another village's officer", "O-330602001002", "respond", {}, "not-found", "not-found"],
    ["another county's officer", "O-330603", "respond", {}, "not-found", "not-found"],
    ["an officer above, who sees it but does not hold it", "O-330602001", "respond", {}, "forbidden", "not-permitted"],
    ["a viewer", "viewer", "comment", { note: "看到了" }, "forbidden", "not-permitted"],
    [
      "the operator suspends",
      "operator",
      "suspend",
      { note: "整改", until: "2026-12-01T00:00:00+08:00" },
      "forbidden",
      "not-permitted",
    ],
    ["nobody whom we know", "mallory", "respond", {}, "not-found", "not-found"],
    ["a body without what the action needs", OFFICER, "feedback", { note: "好了" }, "invalid", "bad-body"],
    ["a body with more than it may have", OFFICER, "respond", { officerId: "x" }, "invalid", "bad-body"],
    ["out of turn", OFFICER, "feedback", { note: "好了", cause: "other" }, "conflict", "not-while-dispatched"],
    [
      "to an officer who is none",
      "supervisor",
      "transfer",
      { note: "邻村", officerId: "x" },
      "invalid",
      "unknown-officer",
    ],
    [
      "to an officer of another county",
      "supervisor",
      "transfer",
      { note: "邻区", officerId: "O-330603001001" },
      "forbidden",
      "target-outside-division",
    ],
    ["into a ticket that is none", "supervisor", "merge", { into: "261122-9999" }, "invalid", "unknown-ticket"],
  ])("%s", async (_rule, account, action, body, outcome, reason) => {
    const reply = await world.command(id, account, action, { ...body });
    expect(reply).toMatchObject({ outcome, reason, message: { zh: expect.any(String), en: expect.any(String) } });
    expect((await world.tickets.getTicket(id))?.revision).toBe(1);
  });

  test("a ticket that is none, a disabled account, and what is no command", async () => {
    expect(await world.command("261122-0000x", OFFICER, "respond")).toMatchObject({ outcome: "not-found" });
    expect(await world.ask(encodeJson({ ticketId: id }))).toMatchObject({ outcome: "invalid", reason: "undecodable" });
    expect(await world.ask(Buffer.from("\xff"))).toMatchObject({ outcome: "invalid", reason: "undecodable" });
    await world.database.updateTable("accounts").set({ disabled_at: 1 }).where("id", "=", OFFICER).execute();
    expect(await world.command(id, OFFICER, "respond")).toMatchObject({ outcome: "not-found" });
  });
});

describe("the same key", () => {
  const key = { idempotencyKey: "once" };

  test("with the same command does it once, and answers as the first time, at once and later", async () => {
    const sent = () => world.command(id, OFFICER, "respond", { note: "马上到" }, key);
    const [first, second] = await Promise.all([sent(), sent()]);
    expect(first).toMatchObject({ outcome: "done", ticket: { state: "responded", revision: 2 } });
    expect(second).toEqual(first);
    await world.command(id, OFFICER, "handle");
    expect(await sent()).toEqual(first);
    expect((await world.tickets.getTicket(id))?.revision).toBe(3);
  });

  test("with another command is a conflict, from another account another key", async () => {
    await world.command(id, OFFICER, "respond", {}, key);
    expect(await world.command(id, OFFICER, "handle", {}, key)).toMatchObject({ reason: "idempotency-key-reused" });
    expect(await world.command(id, "operator", "comment", { note: "收到" }, key)).toMatchObject({ outcome: "done" });
  });

  test("gets the refusal of the first time, too", async () => {
    const refused = await world.command(id, OFFICER, "handle", {}, key);
    await world.command(id, OFFICER, "respond");
    expect(await world.command(id, OFFICER, "handle", {}, key)).toEqual(refused);
  });
});

test("of two who saw the same revision the second is told that it has changed", async () => {
  const [one, two] = await Promise.all([
    world.command(id, OFFICER, "respond", {}, { revision: 1 }),
    world.command(id, "supervisor", "supervise", { note: "请尽快" }, { revision: 1 }),
  ]);
  expect([one.outcome, two.outcome]).toEqual(["done", "conflict"]);
  expect(two).toMatchObject({ reason: "changed-meanwhile" });
});

describe("to another officer", () => {
  test("transfer: who had it sees it but may do nothing, who gets it may", async () => {
    const body = { note: "源头在二村", officerId: "O-330602001002" };
    const reply = await world.command(id, "supervisor", "transfer", body);
    expect(reply).toMatchObject({ ticket: { officerId: "O-330602001002", routingReason: "transferred" } });
    expect(await world.command(id, OFFICER, "respond")).toMatchObject({ outcome: "forbidden" });
    expect(await world.command(id, "O-330602001002", "respond")).toMatchObject({ outcome: "done" });
  });

  test("transfer to a department of the county, which is on duty for nothing; what it leaves climbs to the county", async () => {
    const office = { officer_id: "ZF", division: "330602", role: "department", term_from: 0, term_to: null } as const;
    await world.database.insertInto("officers").values({ id: "ZF", name: "综合执法局", phone: "" }).execute();
    await world.database.insertInto("assignments").values(office).execute();
    const reply = await world.command(id, "supervisor", "transfer", { note: "占道烧烤", officerId: "ZF" });
    expect(reply).toMatchObject({ ticket: { officerId: "ZF", officerDivision: "330602" } });
    world.clock.advanceTo(START + HOUR / 2);
    expect((await world.events(3))[2]?.ticket).toMatchObject({
      officerId: "O-330600",
      routingReason: "raised-to-city",
    });
  });

  test("a return as not of the area proposes a fix of the boundaries, once, with place and reason", async () => {
    const where = { note: "属二村", reason: "not-my-area", belongsTo: "330602001002" };
    const key = { idempotencyKey: "return-once" };
    for (const _ of [1, 2]) await world.command(id, OFFICER, "return", where, key);
    const [{ ticket } = { ticket: undefined }] = await world.events(1);
    const proposals = new BoundaryProposalStore(world.database);
    expect(await proposals.open()).toEqual([
      {
        ...{ id: `${id}#2`, ticketId: id, accountId: OFFICER, at: START, note: "属二村" },
        ...{ division: "330602001001", belongsTo: "330602001002", lon: ticket?.lon, lat: ticket?.lat },
        cell: world.grid.cells.idsAt(ticket?.lon ?? 0, ticket?.lat ?? 0)[0],
      },
    ]);
    const settlement = { outcome: "accepted", note: "", actor: SYSTEM, at: START } as const;
    expect(await proposals.settle(`${id}#2`, settlement)).toBe(true);
    expect(await proposals.settle(`${id}#2`, settlement)).toBe(false);
    expect(await proposals.open()).toEqual([]);
  });

  test("a return for another reason proposes nothing, and one to a division elsewhere is refused", async () => {
    const elsewhere = await world.command(id, OFFICER, "return", { note: "外地", belongsTo: "330102001001" });
    expect(elsewhere).toMatchObject({ outcome: "invalid", reason: "unknown-division" });
    await world.command(id, OFFICER, "return", { note: "设备不在现场" });
    expect(await new BoundaryProposalStore(world.database).open()).toEqual([]);
  });

  test("return goes one level up, and so does escalate, until the city", async () => {
    const officers: unknown[] = [];
    const returned = await world.command(id, OFFICER, "return", { note: "不在本村" });
    if (returned.outcome === "done") officers.push(returned.ticket.officerId);
    for (let level = 0; level < 2; level++) {
      const reply = await world.command(id, "operator", "escalate", { note: "无人处理" });
      if (reply.outcome === "done") officers.push(reply.ticket.officerId);
    }
    expect(officers).toEqual(["O-330602001", "O-330602", "O-330600"]);
    expect(await world.command(id, "operator", "escalate", { note: "还是没有" })).toMatchObject({
      reason: "nobody-above",
    });
  });
});

describe("the other actions", () => {
  test("a suspended ticket is not paged for: a new episode there is a new ticket, and both live on", async () => {
    const until = new Date(START + 48 * HOUR).toISOString();
    await world.command(id, "supervisor", "suspend", { note: "企业整改", until });
    await world.episode("E2", 1);
    await world.events(3);
    const open = await world.tickets.listTickets({ status: "open", limit: 10 });
    expect(open.items).toHaveLength(2);
    expect(await world.command(id, "supervisor", "resume")).toMatchObject({ ticket: { state: "dispatched" } });
    await world.episode("E3", 1);
    await world.dispatched();
    expect((await world.tickets.ticketIdsOf(["E3"])).get("E3")).not.toEqual([id]);
  });

  test("merge: the other ticket goes on with the episodes, and recovers only with them", async () => {
    await world.episode("E2", 1, { division: "330602001002" });
    const into = (await world.events(2))[1]?.ticket.id ?? "";
    expect(await world.command(id, "supervisor", "merge", { into })).toMatchObject({
      ticket: { state: "closed", mergedInto: into, recovery: null },
    });
    await world.episode("E2", 2, { division: "330602001002", status: "resolved", endedAt: START });
    await world.dispatched();
    expect((await world.tickets.getTicket(into))?.recoveredAt).toBeNull();
    await world.episode("E1", 2, { status: "resolved", endedAt: START });
    await world.dispatched();
    expect((await world.tickets.getTicket(into))?.recoveredAt).toBe(START);
    expect(await world.tickets.ticketIdsOf(["E1", "E2"])).toEqual(
      new Map([
        ["E1", [into]],
        ["E2", [into]],
      ]),
    );
  });

  test("merge: a ticket of another county does not exist for the supervisor", async () => {
    await world.episode("E2", 1, { division: "330603001001" });
    const into = (await world.events(2))[1]?.ticket.id ?? "";
    expect(await world.command(id, "supervisor", "merge", { into })).toMatchObject({ reason: "unknown-ticket" });
    expect(await world.command(id, "operator", "merge", { into })).toMatchObject({ outcome: "done" });
  });

  test("reopen goes to whoever is on duty now, unless the place has another open ticket", async () => {
    await world.work(id);
    await world.episode("E1", 2, { status: "resolved", endedAt: START - HOUR });
    await world.events(6);
    await world.command(id, "supervisor", "close");
    expect(await world.command(id, "supervisor", "reopen", { note: "群众反映" })).toMatchObject({
      ticket: { state: "dispatched", officerId: OFFICER, closedAt: null },
    });
    await world.episode("E2", 1);
    await world.dispatched();
    expect((await world.tickets.ticketIdsOf(["E2"])).get("E2")).toEqual([id]);
  });

  test("reopen is refused while the place has another open ticket, and names it", async () => {
    await world.work(id);
    await world.episode("E1", 2, { status: "resolved", endedAt: START - HOUR });
    await world.events(6);
    await world.command(id, "supervisor", "close");
    world.clock.advanceTo(START + 7 * HOUR);
    await world.episode("E2", 1);
    const twin = (await world.events(8))[7]?.ticket.id ?? "";
    const reply = await world.command(id, "supervisor", "reopen", { note: "群众反映" });
    expect(reply).toMatchObject({ outcome: "conflict", reason: "another-open-ticket" });
    expect(reply).toMatchObject({ message: { en: expect.stringContaining(twin) } });
  });
});
