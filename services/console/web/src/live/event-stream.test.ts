import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { type ConnectionState, type EventStream, openEventStream } from "./event-stream.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

/** Answers one connection after the other; what comes after the last gets the last again. */
async function serve(...answers: Answer[]): Promise<{ url: string; lastEventIds: (string | undefined)[] }> {
  const lastEventIds: (string | undefined)[] = [];
  const server: Server = createServer((request, response) => {
    const id = request.headers["last-event-id"];
    lastEventIds.push(Array.isArray(id) ? id[0] : id);
    answers[Math.min(lastEventIds.length, answers.length) - 1]?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}/stream`, lastEventIds };
}

const say =
  (text: string, then: "stay" | "end" = "stay"): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(text);
    if (then === "end") response.end();
  };
const refuse =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status);
    response.end();
  };

interface Followed {
  readonly stream: EventStream;
  readonly log: string[];
  /** Resolves when the log holds the line so often. */
  until(line: string, times?: number): Promise<void>;
}

function follow(url: string, options: { silenceMs?: number; pauseMs?: () => number } = {}): Followed {
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const add = (line: string) => {
    log.push(line);
    for (const check of waiting) check();
  };
  const stream = openEventStream({
    url,
    onEvent: ({ event, data }) => add(`${event} ${data}`),
    onBegin: () => add("begin"),
    onState: (state: ConnectionState) => add(state),
    pauseMs: () => 1,
    ...options,
  });
  closing.push(() => stream.close());
  return {
    stream,
    log,
    until: (line, times = 1) =>
      new Promise((resolve) => {
        const check = () => {
          if (log.filter((entry) => entry === line).length < times) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}

test("a stream begins anew, and goes on behind the last event after a loss", async () => {
  const { url, lastEventIds } = await serve(
    say("id: e1\nevent: ticket\ndata: a\n\n", "end"),
    say("id: e2\ndata: b\n\n"),
  );
  const followed = follow(url);
  await followed.until("message b");
  expect(followed.log).toEqual(["connecting", "live", "begin", "ticket a", "lost", "live", "message b"]);
  expect(lastEventIds).toEqual([undefined, "e1"]);
});

test("a loss before the first event begins anew: nothing is known to go on from", async () => {
  const { url } = await serve(say(":\n\n", "end"), say("id: 1\ndata: a\n\n"));
  const followed = follow(url);
  await followed.until("message a");
  expect(followed.log.filter((line) => line === "begin")).toHaveLength(2);
});

test("what the server can't resume begins anew, and is no event of its own", async () => {
  const { url } = await serve(
    say("id: 1\ndata: a\n\n", "end"),
    say('id: 9\nevent: reset\ndata: {"reason":"too-old"}\n\nid: 9\ndata: b\n\n'),
  );
  const followed = follow(url);
  await followed.until("message b");
  expect(followed.log).toEqual(["connecting", "live", "begin", "message a", "lost", "live", "begin", "message b"]);
});

test("a service that is away is tried again", async () => {
  const { url } = await serve(refuse(503), refuse(502), say("data: a\n\n"));
  const followed = follow(url);
  await followed.until("message a");
  expect(followed.log).toEqual(["connecting", "lost", "lost", "live", "begin", "message a"]);
});

test("a session that is over ends it for good", async () => {
  const { url, lastEventIds } = await serve(say("id: 1\ndata: a\n\n", "end"), refuse(401));
  const followed = follow(url);
  await followed.until("ended");
  expect(followed.log.at(-1)).toBe("ended");
  expect(lastEventIds).toHaveLength(2);
});

test("a connection that falls silent is dead and opened again", async () => {
  const { url } = await serve(say("id: 1\ndata: a\n\n"), say("data: b\n\n"));
  const followed = follow(url, { silenceMs: 50 });
  await followed.until("message b");
  expect(followed.log).toContain("lost");
});

test("waking ends the pause before the next attempt", async () => {
  const { url } = await serve(refuse(503), say("data: a\n\n"));
  const followed = follow(url, { pauseMs: () => 3_600_000 });
  await followed.until("lost");
  followed.stream.wake();
  await followed.until("message a");
});

test("a closed stream says nothing more, and its connection is gone", async () => {
  let gone: () => void = () => undefined;
  const left = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const { url } = await serve((response, request) => {
    request.on("close", gone);
    say("data: a\n\n")(response, request);
  });
  const followed = follow(url);
  await followed.until("message a");
  followed.stream.close();
  await left;
  expect(followed.log).toEqual(["connecting", "live", "begin", "message a"]);
});
