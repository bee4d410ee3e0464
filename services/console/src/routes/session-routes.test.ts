import { SessionView } from "@hotgrid/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, TEST_PASSWORD, type TestConsole } from "../testing.ts";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
});
afterAll(() => city.close());

const logIn = (password: string, username = "operator") => ({ body: { username, password } });
const HOUR_MS = 3_600_000;

describe("a login", () => {
  test("says who one is and in which city", async () => {
    const browser = city.browser();
    await browser.logIn("operator", TEST_PASSWORD);
    expect(await browser.read("/session", SessionView)).toMatchObject({
      account: { id: "operator", role: "operator", division: "330600", officerId: null },
      divisionName: "绍兴市",
      cityName: "绍兴市",
      mode: "demo",
      clock: { now: "2026-11-22T08:00:00+08:00", clock: { speed: 0 } },
      utcOffset: "+08:00",
      tileUrl: null,
    });
  });

  test("is a cookie that no script can read and no other site's request carries", async () => {
    const response = await city.browser().fetch("POST", "/session", logIn(TEST_PASSWORD));
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^hotgrid-session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  });

  test("voids the token that the browser had before, so that a planted one is worth nothing", async () => {
    const browser = await city.loggedIn("viewer");
    const before = browser.cookie;
    await browser.logIn("viewer", TEST_PASSWORD);
    expect(browser.cookie).not.toBe(before);
    const old = city.browser();
    old.cookie = before;
    expect(await old.refusal("GET", "/session")).toMatchObject({ status: 401 });
  });

  test("ends with the logout", async () => {
    const browser = await city.loggedIn("viewer");
    const token = browser.cookie;
    expect((await browser.fetch("DELETE", "/session")).status).toBe(204);
    expect(browser.cookie).toBe("hotgrid-session=");
    browser.cookie = token;
    expect(await browser.refusal("GET", "/session")).toMatchObject({ status: 401 });
  });

  test("ends after a day away", async () => {
    const browser = await city.loggedIn("viewer");
    city.wall.advanceTo(city.wall.now() + 24 * HOUR_MS);
    expect(await browser.refusal("GET", "/session")).toMatchObject({ status: 401 });
  });

  test("ends after a week, whatever the demo's clock says", async () => {
    const begin = city.wall.now();
    const browser = await city.loggedIn("viewer");
    for (let hour = 20; hour < 7 * 24; hour += 20) {
      city.wall.advanceTo(begin + hour * HOUR_MS);
      expect((await browser.get("/session")).status).toBe(200);
    }
    city.wall.advanceTo(begin + 7 * 24 * HOUR_MS);
    expect(await browser.refusal("GET", "/session")).toMatchObject({ status: 401 });
  });
});

describe("a refused login", () => {
  test("is answered alike for a wrong password, an unknown account and a locked one", async () => {
    const wrong = await city.browser().refusal("POST", "/session", logIn("not-the-password", "viewer"));
    const unknown = await city.browser().refusal("POST", "/session", logIn(TEST_PASSWORD, "nobody-of-that-name"));
    expect(unknown).toEqual(wrong);
    expect(wrong).toMatchObject({ status: 401, type: "urn:hotgrid:problem:login-refused" });

    for (let n = 0; n < 5; n++) await city.browser().refusal("POST", "/session", logIn("guess", "supervisor-330604"));
    const locked = await city.browser().refusal("POST", "/session", logIn(TEST_PASSWORD, "supervisor-330604"));
    expect(locked).toEqual(wrong);
  });

  test("leaves the session that there was as it is", async () => {
    const browser = await city.loggedIn("viewer");
    await browser.refusal("POST", "/session", logIn("not-the-password"));
    expect((await browser.read("/session", SessionView)).account.id).toBe("viewer");
  });

  test.each([
    ["without a password", { username: "operator" }, "body.password"],
    ["with a field too many", { username: "operator", password: "x", admin: true }, "body"],
    ["with a list for a name", { username: ["operator"], password: "x" }, "body.username"],
    [
      "with a password of a megabyte's beginning",
      { username: "operator", password: "x".repeat(5000) },
      "body.password",
    ],
  ])("%s names the field", async (_what, body, field) => {
    expect(await city.browser().refusal("POST", "/session", { body })).toMatchObject({ status: 422, field });
  });

  test("of too large a body", async () => {
    const body = { username: "operator", password: "x".repeat(70_000) };
    expect(await city.browser().refusal("POST", "/session", { body })).toMatchObject({ status: 413 });
  });
});

test("logins from one address are bounded, whatever the names", async () => {
  const strict = await startTestConsole({ limits: { loginsPerMinute: 3 } });
  try {
    // At once: one after the other, with the time that hashing takes, they would need more than the minute on a busy machine.
    const guess = (name: string) => strict.browser().fetch("POST", "/session", logIn("guess", name));
    const answers = await Promise.all(["name-1", "name-2", "name-3", "name-4"].map(guess));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([401, 401, 401, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  } finally {
    await strict.close();
  }
});

test("behind TLS the cookie is bound to it and to this host", async () => {
  const behindTls = await startTestConsole({ secure: true });
  try {
    const response = await behindTls.browser().fetch("POST", "/session", logIn(TEST_PASSWORD));
    expect(response.headers.getSetCookie()[0]).toMatch(/^__Host-hotgrid-session=.*; Path=\/; .*Secure/);
    expect(response.headers.get("strict-transport-security")).toContain("max-age=31536000");
  } finally {
    await behindTls.close();
  }
});
