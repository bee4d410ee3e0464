import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createContext, runInContext } from "node:vm";
import { beforeEach, describe, expect, test } from "vitest";

const SOURCE = readFileSync(resolve(import.meta.dirname, "../../public/push-worker.js"), "utf8");
const ORIGIN = "https://hotgrid.test";

interface Shown {
  readonly title: string;
  readonly options: { readonly body: string; readonly tag: string; readonly data: { readonly path: string } };
}

/** What a browser gives a service worker, as far as this one uses it. */
class WorkerScope {
  readonly shown: Shown[] = [];
  readonly opened: string[] = [];
  readonly navigated: string[] = [];
  windows: string[] = [];
  readonly #listeners = new Map<string, (event: unknown) => void>();

  start(): void {
    const client = (url: string) => ({
      url,
      focus: async () => undefined,
      navigate: async (to: string) => void this.navigated.push(to),
    });
    const self = {
      location: { origin: ORIGIN },
      skipWaiting: () => undefined,
      addEventListener: (type: string, listener: (event: unknown) => void) => this.#listeners.set(type, listener),
      registration: {
        showNotification: async (title: string, options: Shown["options"]) => void this.shown.push({ title, options }),
      },
      clients: {
        claim: async () => undefined,
        matchAll: async () => this.windows.map(client),
        openWindow: async (url: string) => void this.opened.push(url),
      },
    };
    runInContext(SOURCE, createContext({ self, URL }));
  }

  async fire(type: string, event: Record<string, unknown>): Promise<void> {
    const waits: Promise<unknown>[] = [];
    this.#listeners.get(type)?.({ ...event, waitUntil: (wait: Promise<unknown>) => waits.push(wait) });
    await Promise.all(waits);
  }
}

let worker: WorkerScope;
beforeEach(() => {
  worker = new WorkerScope();
  worker.start();
});

const MESSAGE = { id: "m1", title: "新工单 红色", body: "塔山街道", path: "/officer#/tickets/T1" };
const push = (text: string) => worker.fire("push", { data: { json: () => JSON.parse(text) } });
const tap = (path: string) =>
  worker.fire("notificationclick", { notification: { close: () => undefined, data: { path } } });

describe("a message", () => {
  test("is shown, and a second copy of it replaces the first", async () => {
    await push(JSON.stringify(MESSAGE));
    expect(worker.shown).toMatchObject([{ title: MESSAGE.title, options: { body: MESSAGE.body, tag: "m1" } }]);
  });

  test.each(["not json", ""])("that can't be read (%j) is shown as that", async (text) => {
    await push(text);
    expect(worker.shown).toMatchObject([{ options: { tag: "unreadable", data: { path: "/officer" } } }]);
  });
});

describe("a tap", () => {
  test("opens the ticket", async () => {
    await tap(MESSAGE.path);
    expect(worker.opened).toEqual([ORIGIN + MESSAGE.path]);
  });

  test("leads the page that is open already to it", async () => {
    worker.windows = [`${ORIGIN}/`, `${ORIGIN}/officer`];
    await tap(MESSAGE.path);
    expect([worker.opened, worker.navigated]).toEqual([[], [ORIGIN + MESSAGE.path]]);
  });

  test("leads nowhere else", async () => {
    await tap("https://evil.example/");
    await tap("//evil.example/");
    expect([worker.opened, worker.navigated]).toEqual([[], []]);
  });
});
