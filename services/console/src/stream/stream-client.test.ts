import { once } from "node:events";
import { testAccount } from "@hotgrid/tickets/testing";
import { expect, test } from "vitest";
import { BUFFER_LIMIT_BYTES, type Outgoing, StreamClient } from "./stream-client.ts";

const START = { episodes: 5, tickets: 7, stations: 9 };
const client = () => new StreamClient(testAccount("viewer"), "token", START);
const event = (data = "{}", visible = true): Outgoing => ({
  event: "episode",
  visibleTo: () => visible,
  dataFor: () => data,
});

async function textOf(it: StreamClient): Promise<string> {
  let text = "";
  for await (const chunk of it.body) text += String(chunk);
  return text;
}

test("an event's id is the position after it; what one may not see moves the position in silence", async () => {
  const it = client();
  it.deliver("episodes", 6, event());
  it.deliver("tickets", 8, event("{}", false));
  it.deliver("stations", 10, null);
  it.deliver("episodes", 8, event());
  it.end();
  expect(await textOf(it)).toBe(
    "retry: 3000\n\nid: e6-t7-s9\nevent: episode\ndata: {}\n\nid: e8-t8-s10\nevent: episode\ndata: {}\n\n",
  );
});

test("what it has had is not sent again", async () => {
  const it = client();
  it.deliver("episodes", 5, event());
  it.deliver("episodes", 4, event());
  it.end();
  expect(await textOf(it)).toBe("retry: 3000\n\n");
  expect(it.at("episodes")).toBe(5);
});

test("a browser that does not keep up is cut off before it costs more than its bound", async () => {
  const it = client();
  const closed = once(it.closed, "abort");
  const large = event(JSON.stringify("x".repeat(100_000)));
  for (let seq = 6; seq < 60; seq++) {
    it.deliver("episodes", seq, large);
    expect(it.body.readableLength).toBeLessThanOrEqual(BUFFER_LIMIT_BYTES);
  }
  await closed;
  expect(it.body.destroyed).toBe(true);
});

test("who catches up is given time to read", async () => {
  const it = client();
  const large = event(JSON.stringify("x".repeat(200_000)));
  for (let seq = 6; seq < 10; seq++) it.deliver("episodes", seq, large);
  let drained = false;
  const waiting = it.drained().then(() => {
    drained = true;
  });
  await Promise.resolve();
  expect(drained).toBe(false);
  const reading = textOf(it);
  await waiting;
  it.end();
  expect((await reading).length).toBeGreaterThan(800_000);
});

test("who is gone is not waited for, and nothing is written to", async () => {
  const it = client();
  const large = event(JSON.stringify("x".repeat(900_000)));
  it.deliver("episodes", 6, large);
  it.body.destroy();
  await it.drained();
  it.deliver("episodes", 7, event());
  it.heartbeat();
  it.end();
  expect(it.closed.aborted).toBe(true);
});
