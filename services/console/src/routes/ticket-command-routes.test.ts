import { decodeJson, encodeJson } from "@hotgrid/bus";
import { TicketCommand, type TicketCommandReply, TicketView, ticketCommandSubject } from "@hotgrid/contracts";
import { testTicket } from "@hotgrid/tickets/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import type { TestBrowser } from "../testing-browser.ts";

let city: TestConsole;
let officer: TestBrowser;
let stop: () => Promise<void> = async () => undefined;
const commands: TicketCommand[] = [];

beforeAll(async () => {
  city = await startTestConsole({ limits: { commandTimeoutMs: 500 } });
  officer = await city.loggedIn("O-330602001017");
});
afterAll(() => city.close());
afterEach(async () => {
  await stop();
  stop = async () => undefined;
  commands.length = 0;
});

/** Stands where the dispatcher stands, at the other end of the bus. */
async function dispatcherAnswers(reply: TicketCommandReply): Promise<void> {
  stop = await city.bus.respond(ticketCommandSubject("3306"), async (data) => {
    commands.push(decodeJson(TicketCommand, data));
    return encodeJson(reply);
  });
}

const KEY = { "idempotency-key": "tap-1" };
const done: TicketCommandReply = { outcome: "done", ticket: testTicket(TEST_NOW) };

test("a command goes to the dispatcher as the account that is logged in, and its ticket comes back", async () => {
  await dispatcherAnswers(done);
  const body = { note: "秸秆焚烧,已扑灭", cause: "burning" };
  const headers = { ...KEY, "if-match": '"3"' };
  const response = await officer.fetch("POST", "/tickets/T-1/feedback", { headers, body });
  expect(response.status).toBe(200);
  expect(TicketView.parse(await response.json())).toMatchObject({ id: done.ticket.id, state: "dispatched" });
  expect(commands).toEqual([
    {
      ticketId: "T-1",
      action: "feedback",
      body,
      accountId: "O-330602001017",
      address: "127.0.0.1",
      idempotencyKey: "tap-1",
      revision: 3,
    },
  ]);
});

test.each([
  ["not-found", 404],
  ["forbidden", 403],
  ["conflict", 409],
  ["invalid", 422],
] as const)("the dispatcher's %s is %i with its reason", async (outcome, status) => {
  const message = { zh: "不行", en: "no" };
  await dispatcherAnswers({ outcome, reason: "some-reason", message });
  expect(await officer.refusal("POST", "/tickets/T-1/respond", { headers: KEY, body: {} })).toMatchObject({
    status,
    type: "urn:hotgrid:problem:some-reason",
    detail: "no",
    detailZh: "不行",
  });
});

test("a dispatcher that is away is 503, and says when to try again", async () => {
  const response = await officer.fetch("POST", "/tickets/T-1/respond", { headers: KEY, body: {} });
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
});

test("a dispatcher that does not answer in time is 503", async () => {
  stop = await city.bus.respond(ticketCommandSubject("3306"), () => new Promise(() => undefined));
  expect((await officer.refusal("POST", "/tickets/T-1/respond", { headers: KEY, body: {} })).status).toBe(503);
});

test.each<[string, string, Record<string, string>, unknown, string]>([
  ["without an idempotency key", "respond", {}, {}, "headers.idempotency-key"],
  ["with a key of 129 characters", "respond", { "idempotency-key": "k".repeat(129) }, {}, "headers.idempotency-key"],
  ["with a revision that is none", "respond", { ...KEY, "if-match": "*" }, {}, "headers.if-match"],
  ["feedback without a note", "feedback", KEY, { cause: "burning" }, "body.note"],
  ["feedback with an invented cause", "feedback", KEY, { note: "看过了", cause: "aliens" }, "body.cause"],
  ["suspension until no date", "suspend", KEY, { note: "长期整改", until: "later" }, "body.until"],
  ["a field that the action has not", "respond", KEY, { state: "closed" }, "body"],
  ["a list instead of fields", "respond", KEY, [], "body"],
])("%s is refused before anybody is asked", async (_what, action, headers, body, field) => {
  await dispatcherAnswers(done);
  expect(await officer.refusal("POST", `/tickets/T-1/${action}`, { headers, body })).toMatchObject({
    status: 422,
    field,
  });
  expect(commands).toEqual([]);
});

test.each(["open", "delete", "constructor", "recovered"])("there is no action %s for people", async (action) => {
  await dispatcherAnswers(done);
  expect((await officer.refusal("POST", `/tickets/T-1/${action}`, { headers: KEY, body: {} })).status).toBe(404);
  expect(commands).toEqual([]);
});
