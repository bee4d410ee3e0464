import { expect, test } from "vitest";
import { exampleEpisode } from "../../example-views.ts";
import type { Lists, LiveEvent } from "./live-state.ts";
import { createLiveStore } from "./live-store.ts";

const raised = (id: string, peak = 100): LiveEvent => ({
  event: "episode",
  data: { type: "raised", episode: exampleEpisode({ id, peak }) },
});
const lists = (change: Partial<Lists> = {}): Lists => ({ stations: [], episodes: [], tickets: [], ...change });

/** Frames come when the test says so. */
function frames() {
  const flushes: (() => void)[] = [];
  return {
    schedule: (flush: () => void) => void flushes.push(flush),
    paint: () => {
      for (const flush of flushes.splice(0)) flush();
    },
    get waiting() {
      return flushes.length;
    },
  };
}

test("a burst of events is one change, at the next frame", () => {
  const screen = frames();
  const store = createLiveStore(screen.schedule);
  let changes = 0;
  store.subscribe(() => {
    changes += 1;
  });
  for (let n = 0; n < 500; n++) store.push(raised(`e${n}`));
  expect(screen.waiting).toBe(1);
  expect(store.state().episodes.size).toBe(0);
  screen.paint();
  expect(changes).toBe(1);
  expect(store.state().episodes.size).toBe(500);
});

test("readings wait for each other, and come along with what is for soon", () => {
  const hastes: string[] = [];
  const flushes: (() => void)[] = [];
  const store = createLiveStore((flush, haste) => {
    hastes.push(haste);
    flushes.push(flush);
  });
  let changes = 0;
  store.subscribe(() => {
    changes += 1;
  });
  const summary: LiveEvent = { event: "reading-summary", data: { at: "2026-11-22T08:00:00+08:00", stations: [] } };
  for (let n = 0; n < 50; n++) store.push(summary);
  store.push(raised("e1"));
  expect(hastes).toEqual(["gathered", "soon"]);
  flushes[1]?.();
  expect([changes, store.state().episodes.size]).toEqual([1, 1]);
  flushes[0]?.();
  expect(changes).toBe(1);
  store.push(summary);
  expect(hastes).toEqual(["gathered", "soon", "gathered"]);
});

test("what comes while the lists are on their way lies on top of them", async () => {
  const screen = frames();
  const store = createLiveStore(screen.schedule);
  let answer: (value: Lists) => void = () => undefined;
  const loading = store.load(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  store.push(raised("e1", 200));
  screen.paint();
  expect(store.state().loaded).toBe(false);
  answer(lists({ episodes: [exampleEpisode({ id: "e1", peak: 100 })] }));
  await loading;
  expect(store.state().loaded).toBe(true);
  expect(store.state().episodes.get("e1")?.peak).toBe(200);
});

test("a load that fails keeps what is shown, and what came meanwhile", async () => {
  const screen = frames();
  const store = createLiveStore(screen.schedule);
  await store.load(async () => lists({ episodes: [exampleEpisode({ id: "e1" })] }));
  const failing = store.load(() => Promise.reject(new Error("away")));
  store.push(raised("e2"));
  await expect(failing).rejects.toThrow("away");
  expect([...store.state().episodes.keys()]).toEqual(["e1", "e2"]);
});

test("who stopped listening hears nothing", () => {
  const screen = frames();
  const store = createLiveStore(screen.schedule);
  let heard = 0;
  const stop = store.subscribe(() => {
    heard += 1;
  });
  stop();
  store.push(raised("e1"));
  screen.paint();
  expect(heard).toBe(0);
});
