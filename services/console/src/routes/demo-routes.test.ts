import { DemoClockView } from "@hotgrid/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, type TestConsole } from "../testing.ts";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
});
afterAll(() => city.close());

const IN_KEQIAO = { lon: 120.48601, lat: 30.10744 };

describe("the demo's clock", () => {
  test("is shown to everybody who is logged in", async () => {
    const officer = await city.loggedIn("O-330602001017");
    expect(await officer.read("/demo/clock", DemoClockView)).toMatchObject({
      now: "2026-11-22T08:00:00+08:00",
      clock: { speed: 0 },
    });
  });

  test("is set by who directs the demo", async () => {
    const operator = await city.loggedIn("operator");
    const response = await operator.fetch("PUT", "/demo/clock", { body: { speed: 30 } });
    expect(DemoClockView.parse(await response.json()).clock.speed).toBe(30);
    expect(city.clock.state.speed).toBe(30);
    city.clock.setSpeed(0);
  });

  test.each(["viewer", "O-330602001017"])("is not for %s to set", async (who) => {
    const browser = await city.loggedIn(who);
    expect(await browser.refusal("PUT", "/demo/clock", { body: { speed: 1 } })).toMatchObject({ status: 403 });
  });

  test.each([{ speed: -1 }, { speed: 601 }, { speed: "fast" }, {}, { speed: 1, at: 0 }])(
    "%j is refused",
    async (body) => {
      const operator = await city.loggedIn("operator");
      expect((await operator.refusal("PUT", "/demo/clock", { body })).status).toBe(422);
    },
  );
});

describe("a fire", () => {
  test("is lit at a place of the city, with the usual size and duration unless given", async () => {
    const supervisor = await city.loggedIn("supervisor-330603");
    const response = await supervisor.fetch("POST", "/demo/fires", { body: IN_KEQIAO });
    expect([response.status, await response.json()]).toEqual([
      202,
      {
        fire: { ...IN_KEQIAO, minutes: 45, pm25: 6 },
        divisionNames: ["绍兴市", "柯桥区", "华舍街道", expect.any(String)],
      },
    ]);
    expect(city.fires.at(-1)).toEqual({ ...IN_KEQIAO, minutes: 45, pm25: 6 });
  });

  test.each<[string, string, object, number]>([
    ["outside the city", "operator", { lon: 116.4, lat: 39.9 }, 422],
    ["with a latitude of 100", "operator", { lon: 120, lat: 100 }, 422],
    ["that burns for a week", "operator", { ...IN_KEQIAO, minutes: 10_080 }, 422],
    ["in the neighbour's county", "supervisor-330602", IN_KEQIAO, 403],
    ["lit by a viewer", "viewer", IN_KEQIAO, 403],
    ["lit by an officer", "O-330602001017", IN_KEQIAO, 403],
  ])("%s is refused", async (_what, who, body, status) => {
    const before = city.fires.length;
    const browser = await city.loggedIn(who);
    expect((await browser.refusal("POST", "/demo/fires", { body })).status).toBe(status);
    expect(city.fires).toHaveLength(before);
  });
});

test("where there is no demo there is no demo clock and nothing to light", async () => {
  const real = await startTestConsole({ mode: "real", demo: null });
  try {
    const operator = await real.loggedIn("operator");
    expect((await operator.refusal("GET", "/demo/clock")).status).toBe(404);
    expect((await operator.refusal("PUT", "/demo/clock", { body: { speed: 1 } })).status).toBe(404);
    expect((await operator.refusal("POST", "/demo/fires", { body: IN_KEQIAO })).status).toBe(404);
    expect(real.routes.filter(({ url }) => url.includes("demo"))).toEqual([]);
  } finally {
    await real.close();
  }
});
