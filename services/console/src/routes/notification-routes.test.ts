import { MutedNotificationView, NotificationMessageView, page, TicketNotificationView } from "@hotgrid/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import { putEpisode, putTicket } from "../testing-records.ts";

const Messages = page(NotificationMessageView);
const Items = page(TicketNotificationView);
const [YUECHENG, KEQIAO] = ["330602001017", "330603001048"];
const news = (id: string, division: string) => ({ step: "opened", subject: { id, division } });

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  await putTicket(city.database, { id: "Y", division: YUECHENG });
  await putTicket(city.database, { id: "K", division: KEQIAO });
  await message("one", "sent", [["Y", YUECHENG]]);
  await message("digest", "pending", [
    ["Y", YUECHENG],
    ["K", KEQIAO],
  ]);
  await item("dropped", "Y", YUECHENG, null);
});
afterAll(() => city.close());

async function item(id: string, subject_id: string, division: string, message_id: string | null): Promise<void> {
  const standing =
    message_id === null ? { state: "dropped", reason: "over-before-told" } : { state: "bundled", reason: "told" };
  await city.database
    .insertInto("notification_items")
    .values({
      ...{ id, subject_id, message_id, receiver: "sms", address: "15400000067", group_key: id },
      ...{ ...(standing as { state: "bundled"; reason: string }), created_at: TEST_NOW, ready_at: TEST_NOW },
      document: JSON.stringify({ news: news(subject_id, division) }),
    })
    .execute();
}

/** As the notifier leaves them behind: a message, what it tells, one attempt that failed and, where sent, one that did not. */
async function message(
  id: string,
  state: "sent" | "pending",
  told: readonly (readonly [string, string])[],
): Promise<void> {
  const document = JSON.stringify({
    title: `新工单 ${id}`,
    news: told.map(([ticket, division]) => news(ticket, division)),
  });
  const settled_at = state === "sent" ? TEST_NOW + 60_000 : null;
  const times = { created_at: TEST_NOW, next_at: TEST_NOW + 60_000, settled_at };
  await city.database
    .insertInto("notification_messages")
    .values({ id, receiver: "sms", address: "15400000067", state, attempts: 1, ...times, document })
    .execute();
  const tried = { message_id: id, attempt: 1, at: TEST_NOW + 1000, outcome: "later", detail: "HTTP 503" } as const;
  const sent = { message_id: id, attempt: 2, at: TEST_NOW + 60_000, outcome: "sent", detail: "HTTP 200" } as const;
  await city.database
    .insertInto("notification_deliveries")
    .values(state === "sent" ? [tried, sent] : [tried])
    .execute();
  for (const [ticket, division] of told) await item(`${id}/${ticket}`, ticket, division, id);
}

const list = async (username: string, query = "") =>
  (await (await city.loggedIn(username)).read(`/notifications${query}`, Messages)).items;

test("a message comes with every attempt and what the other side said", async () => {
  const [sent] = await list("operator", "?state=sent");
  expect(sent).toMatchObject({ id: "one", state: "sent", nextAt: null, settledAt: "2026-11-22T08:01:00+08:00" });
  expect(sent?.unsure).toBe(false);
  await city.database.updateTable("notification_messages").set({ unsure: 1 }).execute();
  expect((await list("operator")).map(({ id, unsure }) => [id, unsure]).toSorted()).toEqual([
    ["digest", false],
    ["one", true],
  ]);
  expect(sent?.attempts.map(({ outcome, detail }) => [outcome, detail])).toEqual([
    ["later", "HTTP 503"],
    ["sent", "HTTP 200"],
  ]);
  expect(await list("operator", "?state=pending")).toMatchObject([
    { id: "digest", nextAt: "2026-11-22T08:01:00+08:00" },
  ]);
});

test("a county sees messages about its own tickets, and of a digest only its own part", async () => {
  expect(await list("supervisor-330603")).toMatchObject([{ id: "digest", subjects: [{ id: "K", step: "opened" }] }]);
  expect((await list("supervisor-330602")).map(({ id }) => id).toSorted()).toEqual(["digest", "one"]);
  expect(await list("supervisor-330604")).toEqual([]);
});

test("of a ticket it is told who was told what, and why somebody was not", async () => {
  const operator = await city.loggedIn("operator");
  const { items } = await operator.read("/tickets/Y/notifications", Items);
  expect(items.map(({ id, state, reason, message: sent }) => [id, state, reason, sent?.state ?? null])).toEqual([
    ["digest/Y", "bundled", "told", "pending"],
    ["dropped", "dropped", "over-before-told", null],
    ["one/Y", "bundled", "told", "sent"],
  ]);
});

test.each([
  ["the ticket of another county", "supervisor-330603", "/tickets/Y/notifications", 404],
  ["a ticket that there is not", "operator", "/tickets/forged/notifications", 404],
  ["an officer", `O-${YUECHENG}`, "/tickets/Y/notifications", 403],
  ["a viewer", "viewer", "/notifications", 403],
  ["the vendor", "M-330600", "/notifications", 403],
  ["a cursor that is none", "operator", "/notifications?cursor=forged", 422],
  ["a state that is none", "operator", "/notifications?state=lost", 422],
])("%s is refused", async (_what, username, path, status) => {
  expect((await (await city.loggedIn(username)).refusal("GET", path)).status).toBe(status);
});

test("what a notice mutes is listed under it, as far as one may see", async () => {
  await putEpisode(city.database, "R", { kind: "regional", division: "330600" });
  const waiting = { state: "waiting", reason: "inhibited R" } as const;
  for (const [id, division] of [
    ["Y", YUECHENG],
    ["K", KEQIAO],
  ] as const) {
    await item(`muted-${id}`, id, division, null);
    await city.database.updateTable("notification_items").set(waiting).where("id", "=", `muted-${id}`).execute();
  }
  const muted = async (username: string) => {
    const browser = await city.loggedIn(username);
    return (await browser.read("/episodes/R/muted-notifications", page(MutedNotificationView))).items;
  };
  expect(await muted("operator")).toMatchObject([
    { ticketId: "K" },
    { ticketId: "Y", step: "opened", receiver: "sms" },
  ]);
  const county = await city.loggedIn("supervisor-330602");
  expect((await county.get("/episodes/R/muted-notifications")).status).toBe(404);
  await putEpisode(city.database, "R2", { kind: "regional", division: "330602" });
  await city.database
    .updateTable("notification_items")
    .set({ reason: "inhibited R2" })
    .where("state", "=", "waiting")
    .execute();
  expect(await muted("operator")).toEqual([]);
  const seen = await county.read("/episodes/R2/muted-notifications", page(MutedNotificationView));
  expect(seen.items.map(({ ticketId }) => ticketId)).toEqual(["Y"]);
  expect((await (await city.loggedIn("viewer")).get("/episodes/R2/muted-notifications")).status).toBe(403);
});
