import { ReadinessView } from "@hotgrid/contracts";
import { createLog, Readiness, Refuses, Unavailable } from "@hotgrid/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTestConsole, type TestConsole } from "../testing.ts";

let city: TestConsole;
beforeEach(async () => {
  city = await startTestConsole();
});
afterEach(() => city.close());

describe("readiness", () => {
  test("is there when the log, the database and the readings answer", async () => {
    expect(await city.browser().read("/readyz", ReadinessView)).toEqual({
      ready: true,
      checks: { bus: "ok", database: "ok", readings: "ok" },
    });
  });

  test("is not when one of them is gone, and says which; the process is alive all the same", async () => {
    await city.database.destroy();
    const response = await city.browser().get("/readyz");
    expect([response.status, await response.json()]).toEqual([
      503,
      { ready: false, checks: { bus: "ok", database: "unavailable", readings: "ok" } },
    ]);
    expect((await city.browser().get("/healthz")).status).toBe(200);
  });
});

test("readiness says which part takes nothing, to anybody, and not where it is", async () => {
  const log = createLog("health-test", "silent");
  const full = () => Promise.reject(new Refuses("no space left on /srv/hotgrid/log.sqlite"));
  const away = () => Promise.reject(new Unavailable("no connection to postgresql://hotgrid:secret@10.0.0.3"));
  const other = await startTestConsole({ readiness: new Readiness({ log: full, database: away }, log) });
  try {
    const response = await other.browser().get("/readyz");
    const checks = { log: "refuses", database: "unavailable" };
    expect([response.status, await response.json()]).toEqual([503, { ready: false, checks }]);
  } finally {
    await other.close();
  }
});

describe("metrics", () => {
  test("are not served unless somebody gave them", async () => {
    const operator = await city.loggedIn("operator");
    expect((await operator.refusal("GET", "/metrics")).status).toBe(404);
  });

  test("are served as the registry writes them", async () => {
    const metrics = { contentType: "text/plain; version=0.0.4", metrics: async () => "hotgrid_up 1\n" };
    const measured = await startTestConsole({ metrics });
    try {
      const response = await measured.browser().get("/metrics");
      expect(await response.text()).toBe("hotgrid_up 1\n");
      expect(response.headers.get("content-type")).toContain("version=0.0.4");
    } finally {
      await measured.close();
    }
  });
});

test("a bug says nothing of the inside", async () => {
  const operator = await city.loggedIn("operator");
  await city.database.destroy();
  const problem = await operator.refusal("GET", "/stations");
  expect(problem.status).toBe(500);
  expect(JSON.stringify(problem)).not.toMatch(/sqlite|driver|readings\.|\.ts/i);
});
