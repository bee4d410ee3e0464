import { expect, test, vi } from "vitest";
import { Unavailable } from "./errors.ts";
import { untilAvailable } from "./until-available.ts";

test("what is unavailable is tried again until it is there, and whoever waits is told", async () => {
  const told: string[] = [];
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries === 1) throw new Unavailable("away");
    return tries;
  };
  const never = new AbortController().signal;
  expect(await untilAvailable(work, never, ({ message }, pause) => told.push(`${message} ${pause}`))).toBe(2);
  expect(told).toEqual(["away 500"]);
});

test("pauses become longer, up to the longest that the caller wants", async () => {
  vi.useFakeTimers();
  try {
    const pauses: number[] = [];
    const away = () => (pauses.length < 4 ? Promise.reject(new Unavailable("away")) : Promise.resolve("there"));
    const never = new AbortController().signal;
    const waiting = untilAvailable(away, never, (_, pause) => pauses.push(pause), 1500);
    await vi.advanceTimersByTimeAsync(500 + 1000 + 1500 + 1500);
    expect(await waiting).toBe("there");
    expect(pauses).toEqual([500, 1000, 1500, 1500]);
  } finally {
    vi.useRealTimers();
  }
});

test("another error, and the end of the service, are not waited for", async () => {
  const stop = new AbortController();
  const broken = new Error("a bug");
  await expect(
    untilAvailable(
      () => Promise.reject(broken),
      stop.signal,
      () => undefined,
    ),
  ).rejects.toBe(broken);
  const away = new Unavailable("away");
  const waiting = untilAvailable(
    () => Promise.reject(away),
    stop.signal,
    () => stop.abort(),
  );
  await expect(waiting).rejects.toBe(away);
});
