import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "@hotgrid/contracts";
import { AccountStore, accountRow, PushSubscriptionStore, SYSTEM } from "@hotgrid/store";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openWebPushKeys } from "./adapters/web-push-keys.ts";
import { MINUTE, SECOND, START, ticketStep, World } from "./testing.ts";
import { readVapid, TestDevice, TestPushService } from "./testing-push-service.ts";

/** Of the officer who holds the test's tickets. */
const zhang: Account = { id: "zhang", name: "张三", role: "officer", division: "330602001001", officerId: "A" };
const red = { ticket: { severity: "red" } } as const;

let service: TestPushService;
let world: World;
let subscriptions: PushSubscriptionStore;
let devices = 0;
beforeAll(async () => {
  service = await TestPushService.open();
});
afterAll(() => service.close());
beforeEach(async () => {
  service.received.length = 0;
  service.status = 201;
  const receiver = { id: "phones", type: "web-push", division: "330600", audiences: ["officers"] };
  const limit = { messages: 100, perMinutes: 1 };
  world = await World.open({
    receivers: [{ ...receiver, limit, contact: "mailto:duty@city.test", hosts: [service.host] }],
  });
  const row = {
    ...accountRow(zhang, "no password", START),
    disabled_at: null,
    locked_until: null,
    provisioned_by: null,
  };
  await world.database.insertInto("accounts").values(row).execute();
  subscriptions = new PushSubscriptionStore(world.database, world.clock);
});
afterEach(() => world.close());

async function subscribed(): Promise<TestDevice> {
  devices += 1;
  const device = new TestDevice(`https://${service.host}/device/${devices}`);
  await subscriptions.add(zhang, device.subscription, SYSTEM);
  return device;
}
const arrived = (count: number) => expect.poll(() => service.received.length).toBe(count);
const first = () => {
  const [pushed] = service.received;
  if (pushed === undefined) throw new Error("nothing arrived");
  return pushed;
};
const known = () => world.database.selectFrom("push_subscriptions").select("id").execute();

describe("a ticket's officer is told on the device", () => {
  test("encrypted for it alone: what, where, until when, and where to tap", async () => {
    const device = await subscribed();
    await world.tell([ticketStep("T1", 1, red)]);
    await arrived(1);
    const { path, headers, body } = first();
    expect(path).toBe(new URL(device.subscription.endpoint).pathname);
    expect(headers).toMatchObject({ "content-encoding": "aes128gcm", urgency: "high", ttl: "14400" });
    expect(body.includes("塔山")).toBe(false);
    const payload = device.read(first());
    expect(payload).toMatchObject({ title: "【热点网格】新工单 红色", path: "/officer#/tickets/T1" });
    expect(payload.body).toBe("塔山街道一村 PM2.5 局地热点\n请于 11-22 10:30 前响应\n工单 T1");
    expect(headers["topic"]).toBe(payload.id);
    expect(() => new TestDevice("https://x.test/").read(first())).toThrow();
    await expect.poll(() => world.deliveries()).toEqual(["1 sent 2xx"]);
  });

  test("signed with the system's own key, for that push service and half a day", async () => {
    await subscribed();
    await world.tell([ticketStep("T1", 1, red)]);
    await arrived(1);
    const { key, claims } = readVapid(first());
    expect(key).toBe((await openWebPushKeys(join(world.folder, "web-push-keys.json"))).publicKey);
    expect(claims).toMatchObject({ aud: `https://${service.host}`, sub: "mailto:duty@city.test" });
    expect(claims.exp - Date.now() / 1000).toBeLessThan(24 * 3600);
  });

  test("on each of them, once", async () => {
    const [phone, desk] = [await subscribed(), await subscribed()];
    await world.tell([ticketStep("T1", 1, red)]);
    await arrived(2);
    const paths = service.received.map(({ path }) => path).toSorted();
    expect(paths).toEqual([phone, desk].map(({ subscription }) => new URL(subscription.endpoint).pathname).toSorted());
  });

  test("several tickets of one message lead to the list", async () => {
    const device = await subscribed();
    await world.tell([ticketStep("T1", 1), ticketStep("T2", 1)]);
    world.clock.advanceTo(START + MINUTE);
    await arrived(1);
    expect(device.read(first())).toMatchObject({ title: "【热点网格】2 条：橙色 2", path: "/officer" });
  });
});

describe("a device that is not there any more", () => {
  test.each([404, 410])("(%i) is forgotten, and nothing is sent to it again", async (status) => {
    await subscribed();
    service.status = status;
    await world.tell([ticketStep("T1", 1, red)]);
    await arrived(1);
    await expect.poll(known).toEqual([]);
    await expect
      .poll(() => world.deliveries())
      .toEqual([`1 refused its push service knows the device no more: HTTP ${status}`]);
    await world.tell([ticketStep("T2", 1, red)]);
    await expect.poll(async () => (await world.items()).at(-1)).toBe("opened dropped nobody-to-call");
    expect(service.received).toHaveLength(1);
  });

  test("because the officer turned it off, between the news and its sending, gets nothing", async () => {
    const device = await subscribed();
    await world.tell([ticketStep("T1", 1)]);
    expect(await subscriptions.remove(zhang, device.id, SYSTEM)).toBe(true);
    world.clock.advanceTo(START + MINUTE);
    await expect.poll(async () => (await world.deliveries()).length).toBe(1);
    expect(service.received).toEqual([]);
  });

  test("because the account was disabled, gets nothing", async () => {
    await subscribed();
    await new AccountStore(world.database, world.clock).disable("zhang");
    await world.tell([ticketStep("T1", 1, red)]);
    await expect.poll(() => world.items()).toEqual(["opened dropped nobody-to-call"]);
  });
});

test("a push service in trouble is asked again, and keeps the device", async () => {
  await subscribed();
  service.status = 503;
  await world.tell([ticketStep("T1", 1, red)]);
  await arrived(1);
  await expect.poll(() => world.deliveries()).toEqual(["1 later HTTP 503"]);
  service.status = 201;
  world.clock.advanceTo(START + 10 * SECOND);
  await arrived(2);
  expect(await known()).toHaveLength(1);
});

describe("the keys", () => {
  test("are made once, for their owner's eyes only, and are the same after a restart", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hotgrid-keys-"));
    try {
      const file = join(folder, "data", "web-push-keys.json");
      const [one, two] = await Promise.all([openWebPushKeys(file), openWebPushKeys(file)]);
      expect(two).toEqual(one);
      expect(await openWebPushKeys(file)).toEqual(one);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      await writeFile(file, '{"publicKey":""}');
      await expect(openWebPushKeys(file)).rejects.toThrow("holds no keys");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("never reach a log of deliveries", async () => {
    await subscribed();
    await world.tell([ticketStep("T1", 1, red)]);
    await arrived(1);
    const { privateKey } = JSON.parse(await readFile(join(world.folder, "web-push-keys.json"), "utf8"));
    const stored = JSON.stringify(await world.database.selectFrom("notification_messages").selectAll().execute());
    expect(stored).not.toContain(privateKey);
    expect(stored).not.toContain(`https://${service.host}`);
  });
});
