import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { SECOND, ticketStep, World } from "./testing.ts";
import { TestEndpoint } from "./testing-server.ts";

const AGAIN = "(可能重发 maybe again) 【热点网格】新工单 红色";
const ONCE = "【热点网格】新工单 红色";
const red = { ticket: { severity: "red" } } as const;

let endpoint: TestEndpoint;
let world: World;
beforeEach(async () => {
  endpoint = await TestEndpoint.open();
  const common = { division: "330602", audiences: ["officers"], allowHttp: true };
  const receivers = [
    { ...common, id: "robot", type: "wecom", url: { env: "URL" } },
    { ...common, id: "hook", type: "webhook", url: `${endpoint.url}/hook` },
  ];
  world = await World.open({ receivers, env: { URL: `${endpoint.url}/robot` } });
});
afterEach(async () => {
  await world.close();
  await endpoint.close();
});

/** First lines of what arrived at an address. */
const titles = (path: string): string[] =>
  endpoint.received
    .filter((request) => request.path === path)
    .map(({ body }) => JSON.parse(body))
    .map(({ text, data }) => (data?.title ?? text.content.split("\n")[0]) as string);

/** All attempts that are due. */
async function pass(seconds: number): Promise<void> {
  world.clock.advanceTo(world.clock.now() + seconds * SECOND);
  await world.settled();
}

test("a robot that broke off without an answer may have called already: the next copy says so, as long as nobody knows", async () => {
  endpoint.answer = () => "cut";
  await world.tell([ticketStep("T1", 1, red)]);
  await world.settled();
  endpoint.answer = () => ({ status: 503 });
  await pass(10);
  endpoint.answer = () => ({ status: 200, body: '{"errcode":0}' });
  await pass(60);
  expect(titles("/robot")).toEqual([ONCE, AGAIN, AGAIN]);
  expect(titles("/hook")).toEqual([ONCE, ONCE, ONCE]);
});

test("one that said no has called nobody: the next copy is the first", async () => {
  endpoint.answer = () => ({ status: 503 });
  await world.tell([ticketStep("T1", 1, red)]);
  await world.settled();
  endpoint.answer = () => ({ status: 200, body: '{"errcode":0}' });
  await pass(10);
  expect(titles("/robot")).toEqual([ONCE, ONCE]);
});

// A kill is a copy of the files at that moment: PostgreSQL has none that could be copied.
test.skipIf(inject("postgresUrl") !== undefined)(
  "killed before the note of the answer: a person sees that the second call is the first again",
  async () => {
    const letGo = await world.startUnheard();
    await world.tell([ticketStep("T1", 1, red)]);
    await expect.poll(() => endpoint.received.length).toBe(2);
    const second = await world.asKilledNow();
    await expect.poll(() => endpoint.received.length).toBe(4);
    expect(titles("/robot")).toEqual([ONCE, AGAIN]);
    expect(titles("/hook")).toEqual([ONCE, ONCE]);
    await second.settled();
    await second.close();
    letGo();
  },
);
