import { createECDH, randomBytes } from "node:crypto";
import { PushSubscriptionView, PushView } from "@hotgrid/contracts";
import { AuditStore } from "@hotgrid/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, type TestConsole } from "../testing.ts";

const OFFICER = "O-330602001017";
const ANOTHER = "O-330603001048";
const PUBLIC_KEY = createECDH("prime256v1").generateKeys().toString("base64url");

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole({ webPush: { publicKey: PUBLIC_KEY, hosts: ["push.example"] } });
});
afterAll(() => city.close());

let count = 0;
function subscription(changes: Record<string, unknown> = {}) {
  count += 1;
  const p256dh = createECDH("prime256v1").generateKeys().toString("base64url");
  const keys = { p256dh, auth: randomBytes(16).toString("base64url") };
  return { endpoint: `https://push.example/${count}`, keys, expirationTime: null, language: "zh", ...changes };
}
const subscribe = async (account: string, body: unknown) =>
  (await city.loggedIn(account)).fetch("POST", "/push/subscriptions", { body });
async function subscribed(account: string, body: unknown = subscription()): Promise<string> {
  const response = await subscribe(account, body);
  expect(response.status).toBe(201);
  return PushSubscriptionView.parse(await response.json()).id;
}
const kept = () => city.database.selectFrom("push_subscriptions").select(["id", "account_id"]).execute();

describe("a device", () => {
  test("is told the key, is subscribed for its account, and taken off again, both in the audit log", async () => {
    const browser = await city.loggedIn(OFFICER);
    expect(await browser.read("/push", PushView)).toEqual({ publicKey: PUBLIC_KEY });
    const id = await subscribed(OFFICER);
    expect(await kept()).toContainEqual({ id, account_id: OFFICER });
    expect((await browser.fetch("DELETE", `/push/subscriptions/${id}`)).status).toBe(204);
    expect(await browser.refusal("DELETE", `/push/subscriptions/${id}`)).toMatchObject({ status: 404 });
    const { items } = await new AuditStore(city.database).list({ division: "330602", subjectId: OFFICER, limit: 2 });
    expect(items.map(({ action }) => action)).toEqual(["push-off", "push-on"]);
  });

  test("subscribed twice is there once; by another account, it is that one's", async () => {
    const body = subscription();
    const id = await subscribed(OFFICER, body);
    expect(await subscribed(OFFICER, body)).toBe(id);
    expect(await subscribed(ANOTHER, body)).toBe(id);
    expect((await kept()).filter((one) => one.id === id)).toEqual([{ id, account_id: ANOTHER }]);
  });

  test("of another account can't be taken off", async () => {
    const id = await subscribed(OFFICER);
    const stranger = await city.loggedIn(ANOTHER);
    expect(await stranger.refusal("DELETE", `/push/subscriptions/${id}`)).toMatchObject({ status: 404 });
  });

  test("is one of five at most: the oldest gives way", async () => {
    const account = "O-330602001";
    const ids: string[] = [];
    for (let n = 0; n < 6; n++) {
      city.wall.advanceTo(city.wall.now() + 1000);
      ids.push(await subscribed(account));
    }
    const left = (await kept()).filter(({ account_id }) => account_id === account).map(({ id }) => id);
    expect(left.toSorted()).toEqual(ids.slice(1).toSorted());
  });
});

describe("refused is", () => {
  test.each([
    ["an address inside our own network", { endpoint: "https://10.0.0.1/admin" }, "body.endpoint"],
    ["an address without TLS", { endpoint: "http://push.example/1" }, "body.endpoint"],
    ["a key that is none", { keys: { p256dh: "short", auth: "A".repeat(22) } }, "body.keys.p256dh"],
    ["a field too many", { account: "operator" }, "body"],
  ])("%s", async (_what, changes, field) => {
    const browser = await city.loggedIn(OFFICER);
    const body = subscription(changes);
    expect(await browser.refusal("POST", "/push/subscriptions", { body })).toMatchObject({ status: 422, field });
  });

  test("who is no officer", async () => {
    expect((await subscribe("operator", subscription())).status).toBe(403);
  });

  test("everybody, where nothing is sent to devices", async () => {
    const without = await startTestConsole();
    try {
      const browser = await without.loggedIn(OFFICER);
      expect(await browser.read("/push", PushView)).toEqual({ publicKey: null });
      const body = subscription();
      expect(await browser.refusal("POST", "/push/subscriptions", { body })).toMatchObject({ status: 409 });
    } finally {
      await without.close();
    }
  });
});
