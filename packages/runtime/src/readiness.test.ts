import { expect, test, vi } from "vitest";
import { Unavailable } from "./errors.ts";
import { createLog } from "./log.ts";
import { Readiness, Refuses } from "./readiness.ts";

const SECRET = "postgresql://hotgrid:secret@10.0.0.3/hotgrid";
const fine = async () => undefined;
const away = () => Promise.reject(new Unavailable(`no connection to ${SECRET}`));
const full = () => Promise.reject(new Refuses("no space left"));
const mute = () => new Promise<never>(() => undefined);
const quiet = createLog("readiness-test", "silent");

test.each([
  ["each part answers", { a: fine, b: fine }, true, { a: "ok", b: "ok" }],
  ["nothing is needed", {}, true, {}],
  ["a part can't be reached", { a: fine, b: away }, false, { a: "ok", b: "unavailable" }],
  ["a part answers and takes nothing", { a: full, b: fine }, false, { a: "refuses", b: "ok" }],
  ["each has its own reason", { a: full, b: away }, false, { a: "refuses", b: "unavailable" }],
] as const)("%s", async (_rule, needs, ready, checks) => {
  expect(await new Readiness(needs, quiet).ask()).toEqual({ ready, checks });
});

test("a part that gives no answer is not waited for, and does not hide the others", async () => {
  vi.useFakeTimers();
  try {
    const asked = new Readiness({ a: mute, b: fine }, quiet).ask();
    await vi.advanceTimersByTimeAsync(2000);
    expect(await asked).toEqual({ ready: false, checks: { a: "silent", b: "ok" } });
  } finally {
    vi.useRealTimers();
  }
});

test("whoever asks is told no address and no message", async () => {
  expect(JSON.stringify(await new Readiness({ database: away }, quiet).ask())).not.toContain("10.0.0.3");
});

test("those who ask at a time are one question to each part; the next is another one", async () => {
  let asked = 0;
  const counting = async () => {
    asked += 1;
  };
  const readiness = new Readiness({ a: counting }, quiet);
  await Promise.all([readiness.ask(), readiness.ask(), readiness.ask()]);
  expect(asked).toBe(1);
  await readiness.ask();
  expect(asked).toBe(2);
});

test("what changes is logged once, with its cause", async () => {
  const log = createLog("readiness-test", "silent");
  const [warned, informed] = [vi.spyOn(log, "warn"), vi.spyOn(log, "info")];
  let state: () => Promise<unknown> = fine;
  const readiness = new Readiness({ log: () => state() }, log);
  await readiness.ask();
  expect(warned).not.toHaveBeenCalled();
  state = full;
  await readiness.ask();
  await readiness.ask();
  expect(warned.mock.calls).toEqual([[{ part: "log", state: "refuses", err: expect.any(Refuses) }, "not ready"]]);
  state = fine;
  await readiness.ask();
  expect(informed.mock.calls).toEqual([[{ part: "log" }, "ready again"]]);
});
