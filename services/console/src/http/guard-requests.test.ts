import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, type TestConsole } from "../testing.ts";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
});
afterAll(() => city.close());

const ANY_ID = "HG-330602-001";
const addressOf = (url: string) => url.replace("/api/v1", "").replace(/:\w+/, ANY_ID);
const withBody = (method: string) => (method === "GET" || method === "DELETE" ? {} : { body: {} });

describe("without a session", () => {
  test("every route that does not declare itself public answers 401, whatever else is wrong with the request", async () => {
    const guarded = city.routes.filter((route) => !route.public);
    expect(guarded.length).toBeGreaterThan(25);
    for (const { method, url } of guarded) {
      const problem = await city.browser().refusal(method, addressOf(url), withBody(method));
      expect([method, url, problem.type]).toEqual([method, url, "urn:hotgrid:problem:not-logged-in"]);
    }
  });

  test("only the login, the health checks and the description of the interface are public", () => {
    const open = city.routes.filter((route) => route.public).map(({ method, url }) => `${method} ${url}`);
    expect(open.toSorted()).toEqual([
      "GET /api/v1/healthz",
      "GET /api/v1/openapi.json",
      "GET /api/v1/readyz",
      "GET /api/v1/session/options",
      "POST /api/v1/session",
    ]);
  });

  test("an address that does not exist tells nothing either", async () => {
    expect(await city.browser().refusal("GET", "/no-such-thing")).toMatchObject({ status: 401 });
  });

  test.each([
    ["forged", `hotgrid-session=${"A".repeat(43)}`],
    ["that is no token", "hotgrid-session=' or 1=1 --"],
    ["empty", "hotgrid-session="],
    ["under another name", `session=${"A".repeat(43)}`],
  ])("a token %s is no session", async (_what, cookie) => {
    const browser = city.browser();
    browser.cookie = cookie;
    expect(await browser.refusal("GET", "/stations")).toMatchObject({ status: 401 });
  });
});

describe("a change", () => {
  test.each([
    ["another site's page", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
    ["a sibling host's page", { "sec-fetch-site": "same-site" }],
    ["an older browser on another site's page", { origin: "https://evil.example" }],
  ])("sent by %s is refused, with the session's cookie or without", async (_who, headers) => {
    const body = { username: "operator", password: "x" };
    const login = await city.browser().refusal("POST", "/session", { headers, body });
    expect(login).toMatchObject({ status: 403, type: "urn:hotgrid:problem:cross-site" });
    const browser = await city.loggedIn("operator");
    expect(await browser.refusal("DELETE", "/session", { headers })).toMatchObject({ status: 403 });
    expect(await browser.refusal("PUT", "/demo/clock", { headers, body: { speed: 1 } })).toMatchObject({ status: 403 });
  });

  test("sent by our own page is taken", async () => {
    const browser = await city.loggedIn("operator");
    const headers = { "sec-fetch-site": "same-origin", origin: city.url };
    const response = await browser.fetch("PUT", "/demo/clock", { headers, body: { speed: 0 } });
    expect(response.status).toBe(200);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "as a form could send it (%s) is refused",
    async (type) => {
      const headers = { "content-type": type };
      const problem = await city
        .browser()
        .refusal("POST", "/session", { headers, body: { username: "a", password: "b" } });
      expect(problem).toMatchObject({ status: 415 });
    },
  );

  test("that is not JSON says so", async () => {
    const response = await fetch(`${city.url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{not json",
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { detailZh: "请求无法理解,或不是有效的 JSON" },
    ]);
  });
});

describe("every answer", () => {
  test("forbids the browser to load anything from elsewhere, but MapLibre's worker from a blob", async () => {
    const policy = (await city.browser().get("/healthz")).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("worker-src 'self' blob:");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("http:");
    expect(policy).not.toContain("upgrade-insecure-requests");
  });

  test("lets a configured tile server's origin in, and only that", async () => {
    const tiled = await startTestConsole({ tileUrl: "https://tiles.example:8443/osm/{z}/{x}/{y}.png?key=k" });
    try {
      const policy = (await tiled.browser().get("/healthz")).headers.get("content-security-policy") ?? "";
      expect(policy).toContain("img-src 'self' data: blob: https://tiles.example:8443;");
      expect(policy).toContain("connect-src 'self' https://tiles.example:8443;");
    } finally {
      await tiled.close();
    }
  });

  test("is bounded in number by address, also the refusals, also where there is nothing", async () => {
    const strict = await startTestConsole({ limits: { requestsPerMinute: 5 } });
    try {
      const statuses = [];
      for (const path of ["/healthz", "/stations", "/no-such-thing", "/healthz", "/session", "/stations"])
        statuses.push((await strict.browser().get(path)).status);
      expect(statuses).toEqual([200, 401, 401, 200, 401, 429]);
      expect((await strict.browser().get("/no-such-thing")).headers.get("retry-after")).toMatch(/^\d+$/);
    } finally {
      await strict.close();
    }
  });
});
