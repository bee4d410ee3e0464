import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rejected, Unavailable } from "@hotgrid/runtime";
import type { Database } from "@hotgrid/store";
import { openTestDatabase } from "@hotgrid/store/testing";
import type { Kysely } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OutboundMessage } from "../core/render-message.ts";
import { TestEndpoint } from "../testing-server.ts";
import { openReceivers } from "./open-receivers.ts";

/** 2026-11-22T02:00:00Z */
const WALL = Date.UTC(2026, 10, 22, 2);
const KEY = "super-secret-key";
const MESSAGE: OutboundMessage = {
  ...{ id: "m1", receiver: "r", address: "13800000001", at: WALL, title: "【热点网格】新工单 红色" },
  lines: ['塔山街道 "一村" PM2.5 & 局地热点', "https://hotgrid.test/officer#/tickets/T1"],
  mentions: [{ name: "张三", phone: "13800000001" }],
  news: [],
};

let endpoint: TestEndpoint;
let folder: string;
let database: Kysely<Database>;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.destroy());
beforeEach(async () => {
  endpoint = await TestEndpoint.open();
  folder = await mkdtemp(join(tmpdir(), "hotgrid-receivers-"));
});
afterEach(async () => {
  await endpoint.close();
  await rm(folder, { recursive: true });
});

async function open(entry: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) {
  const file = join(folder, "receivers.json");
  const common = { id: "r", division: "330600", audiences: ["officers"], allowHttp: true };
  await writeFile(file, JSON.stringify({ receivers: [{ ...common, ...entry }] }));
  const { receivers } = await openReceivers({ file, env, source: "/hotgrid/3306", wall: () => WALL });
  const [receiver] = receivers;
  if (receiver === undefined) throw new Error("no receiver");
  return { ...receiver, send: (message: OutboundMessage) => receiver.send(message, database) };
}

type Kind = "wecom" | "dingtalk" | "feishu" | "webhook" | "sms";
const ENTRIES: Readonly<Record<Kind, () => Record<string, unknown>>> = {
  wecom: () => ({ type: "wecom", url: { env: "URL" } }),
  dingtalk: () => ({ type: "dingtalk", url: { env: "URL" }, secret: { env: "KEY" } }),
  feishu: () => ({ type: "feishu", url: { env: "URL" }, secret: { env: "KEY" } }),
  webhook: () => ({ type: "webhook", url: `${endpoint.url}/in`, secret: { env: "KEY" } }),
  sms: () => ({
    ...{ type: "sms", url: `${endpoint.url}/sms?key={{apikey}}`, headers: { "content-type": "application/json" } },
    ...{ body: '{"to":"{{phone}}","text":"{{text}}","ref":"{{id}}"}', secrets: { apikey: { env: "KEY" } } },
  }),
};
const openKind = (kind: Kind, changes: Record<string, unknown> = {}) =>
  open({ ...ENTRIES[kind](), ...changes }, { URL: `${endpoint.url}/robot?key=${KEY}`, KEY });
const failureOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => null,
    (error: unknown) => error,
  );
const sent = () => {
  const [request] = endpoint.received;
  if (request === undefined) throw new Error("nothing arrived");
  return { ...request, json: JSON.parse(request.body) };
};

describe.each<Kind>(["wecom", "dingtalk", "feishu", "webhook", "sms"])("the contract of a receiver, %s", (kind) => {
  test("what the endpoint takes is sent", async () => {
    await expect((await openKind(kind)).send(MESSAGE)).resolves.toMatch(/0|2xx/);
    expect(endpoint.received).toHaveLength(1);
    expect(sent().body).toContain("新工单 红色");
    expect(sent().body).toContain("tickets/T1");
  });

  test.each([
    [404, Rejected],
    [401, Rejected],
    [302, Rejected],
    [429, Unavailable],
    [500, Unavailable],
  ] as const)("status %i is %o, no redirect is followed, and no secret is shown", async (status, kindOfError) => {
    endpoint.answer = () => ({ status, headers: { location: `${endpoint.url}/elsewhere` }, body: KEY });
    const failure = await failureOf((await openKind(kind)).send(MESSAGE));
    expect(failure).toBeInstanceOf(kindOfError);
    expect(String(failure)).not.toContain(KEY);
    expect(endpoint.received).toHaveLength(1);
  });

  test("an endpoint that never answers is given up, for later", async () => {
    endpoint.answer = () => null;
    const impatient = await openKind(kind, { timeoutSeconds: 0.3 });
    expect(await failureOf(impatient.send(MESSAGE))).toBeInstanceOf(Unavailable);
  });

  test("an endpoint that is gone is tried later, and no secret is shown", async () => {
    const receiver = await openKind(kind);
    await endpoint.close();
    const failure = await failureOf(receiver.send(MESSAGE));
    expect(failure).toBeInstanceOf(Unavailable);
    expect(String(failure)).not.toContain(KEY);
    endpoint = await TestEndpoint.open();
  });

  test("an answer without end costs no memory", async () => {
    endpoint.answer = () => ({ status: 500, body: "x".repeat(20_000_000) });
    expect(await failureOf((await openKind(kind)).send(MESSAGE))).toBeInstanceOf(Unavailable);
  });
});

test("a busy robot is asked again later, one that refuses is not", async () => {
  const busy = { wecom: 45_009, dingtalk: 130_101, feishu: 9499 } as const;
  for (const kind of ["wecom", "dingtalk", "feishu"] as const) {
    const receiver = await openKind(kind);
    endpoint.answer = () => ({ status: 200, body: JSON.stringify({ errcode: busy[kind], errmsg: "too fast" }) });
    expect(await failureOf(receiver.send(MESSAGE))).toBeInstanceOf(Unavailable);
    endpoint.answer = () => ({ status: 200, body: JSON.stringify({ code: 19_021, msg: "sign match fail" }) });
    expect(String(await failureOf(receiver.send(MESSAGE)))).toContain("19021 sign match fail");
    endpoint.answer = () => ({ status: 200, body: "<html>" });
    expect(await failureOf(receiver.send(MESSAGE))).toBeInstanceOf(Rejected);
  }
});

test("WeCom calls the officer by phone, and its text stays below 2,048 bytes with the link at its end", async () => {
  const lines = [
    ...Array.from({ length: 100 }, (_, n) => `橙色 新工单 塔山街道 ${n}`),
    "https://hotgrid.test/#/tickets",
  ];
  await (await openKind("wecom")).send({ ...MESSAGE, lines });
  const { content, mentioned_mobile_list } = sent().json.text;
  expect(mentioned_mobile_list).toEqual(["13800000001"]);
  expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2048);
  expect(content).toMatch(/… \+\d+\nhttps:\/\/hotgrid\.test\/#\/tickets$/);
});

test("DingTalk: the address is signed with milliseconds and the secret", async () => {
  await (await openKind("dingtalk")).send(MESSAGE);
  const query = new URL(sent().path, endpoint.url).searchParams;
  expect(query.get("timestamp")).toBe(String(WALL));
  expect(query.get("sign")).toBe(createHmac("sha256", KEY).update(`${WALL}\n${KEY}`).digest("base64"));
  expect(sent().json).toMatchObject({ msgtype: "text", at: { atMobiles: ["13800000001"] } });
  expect(sent().json.text.content).toContain("@13800000001");
});

test("Feishu: the body is signed with seconds, which are part of the key", async () => {
  await (await openKind("feishu")).send(MESSAGE);
  const { timestamp, sign, msg_type } = sent().json;
  expect([timestamp, msg_type]).toEqual([String(WALL / 1000), "text"]);
  expect(sign).toBe(createHmac("sha256", `${timestamp}\n${KEY}`).digest("base64"));
});

test("a webhook gets a CloudEvent that Standard Webhooks' own example of a check accepts", async () => {
  await (await openKind("webhook")).send(MESSAGE);
  const { headers, body, json } = sent();
  expect(headers["content-type"]).toContain("application/cloudevents+json");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", KEY).update(signed).digest("base64")}`);
  expect(json).toMatchObject({
    specversion: "1.0",
    id: "m1",
    type: "hotgrid.notification.v1",
    time: "2026-11-22T02:00:00.000Z",
  });
});

test("SMS: every value is escaped for where it stands", async () => {
  await (await openKind("sms")).send(MESSAGE);
  expect(sent().path).toBe(`/sms?key=${KEY}`);
  expect(sent().json).toMatchObject({ to: "13800000001", ref: "m1", text: expect.stringContaining('"一村" PM2.5 &') });
  const form = { ...ENTRIES.sms(), headers: {}, body: "mobile={{phone}}&content={{text}}", goodAnswer: '"ok"' };
  endpoint.answer = () => ({ status: 200, body: `{"result":"no money on ${KEY}"}` });
  const failure = await failureOf((await open(form, { KEY })).send(MESSAGE));
  expect(new URLSearchParams(endpoint.received[1]?.body).get("content")).toContain('"一村" PM2.5 &');
  expect(String(failure)).toContain("no money on ***");
});

test.each<[string, Record<string, unknown>, string]>([
  ["a secret in the file itself is refused", { type: "wecom", url: "https://x.test/?key=1" }, "url"],
  ["a secret that is nowhere is refused by its name", { type: "wecom", url: { env: "NONE" } }, "NONE"],
  ["plain http has to be allowed", { type: "webhook", url: "http://x.test/", allowHttp: false }, "https"],
  ["other protocols are none", { type: "webhook", url: "file:///etc/passwd" }, "https"],
  ["no value decides where a message goes", { type: "sms", url: "https://{{phone}}.x.test/" }, "host of url"],
  ["an unknown field is a mistake", { type: "webhook", url: "https://x.test/", secrte: {} }, "secrte"],
])("%s", async (_rule, entry, named) => {
  expect(String(await failureOf(open(entry)))).toContain(named);
});
