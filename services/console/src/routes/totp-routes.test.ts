import { RecoveryCodes, SessionView, TotpEnrolment, TotpView, UnfinishedLogin } from "@hotgrid/contracts";
import { SessionStore, SYSTEM, TokenStore, TotpStore } from "@hotgrid/store";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestConsole, TEST_PASSWORD, type TestConsole } from "../testing.ts";
import type { TestBrowser } from "../testing-browser.ts";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole({ requireTotp: ["administrator"] });
});
afterAll(() => city.close());

const STEP_MS = 30_000;
/** What the phone shows now. */
const shown = (secret: string): string =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: 30 }).generate({
    timestamp: city.wall.now(),
  });
const wait = () => city.wall.advanceTo(city.wall.now() + STEP_MS);
const post = (browser: TestBrowser, path: string, body: unknown) => browser.fetch("POST", path, { body });
const password = (username: string) => ({ username, password: TEST_PASSWORD });

/** Enrols an account's app through the interface. */
async function enrolled(username: string): Promise<{ browser: TestBrowser; secret: string; codes: readonly string[] }> {
  const browser = await city.loggedIn(username);
  const begun = await post(browser, "/account/totp", { password: TEST_PASSWORD });
  expect(begun.status).toBe(201);
  const { secret } = TotpEnrolment.parse(await begun.json());
  const confirmed = await post(browser, "/account/totp/confirm", { code: shown(secret) });
  expect(confirmed.status).toBe(200);
  const { recoveryCodes } = RecoveryCodes.parse(await confirmed.json());
  wait();
  return { browser, secret, codes: recoveryCodes };
}

async function atSecondStep(username: string): Promise<TestBrowser> {
  const browser = city.browser();
  const response = await post(browser, "/session", password(username));
  expect([response.status, UnfinishedLogin.parse(await response.json())]).toEqual([202, { next: "second-factor" }]);
  return browser;
}

test("a console whose key is lost starts, refuses codes with the way out, and lets in with a recovery code", async () => {
  const { secret, codes } = await enrolled("O-330602001017");
  const file = `${city.totpKey.file}.lost`;
  const keyless = await startTestConsole({ database: city.database, wall: city.wall, totpKey: { file, make: true } });
  try {
    const browser = keyless.browser();
    expect((await post(browser, "/session", password("O-330602001017"))).status).toBe(202);
    const code = { body: { code: shown(secret) } };
    expect(await browser.refusal("POST", "/session/second-factor", code)).toMatchObject({
      status: 503,
      type: "urn:hotgrid:problem:totp-unreadable",
      remedy: { zh: expect.stringContaining("恢复码") },
    });
    expect((await post(browser, "/session/second-factor", { code: codes[0] })).status).toBe(201);
  } finally {
    await keyless.close();
  }
});

describe("enrolment", () => {
  test("shows secret, address and QR code, and is off until a code has confirmed it", async () => {
    const browser = await city.loggedIn("viewer");
    const begun = await post(browser, "/account/totp", { password: TEST_PASSWORD });
    expect(begun.headers.get("cache-control")).toBe("no-store");
    const { uri, secret, qr } = TotpEnrolment.parse(await begun.json());
    expect(decodeURIComponent(uri)).toContain("热点网格 绍兴市:viewer");
    expect(uri).toContain(secret);
    expect(qr).toMatch(/^<svg [^>]*>.*<\/svg>$/s);
    expect(qr).not.toContain("<script");
    expect(await browser.read("/account/totp", TotpView)).toEqual({
      enabledAt: null,
      recoveryCodesLeft: 0,
      required: false,
    });
    const wrong = await browser.refusal("POST", "/account/totp/confirm", { body: { code: "000000" } });
    expect(wrong).toMatchObject({ status: 422, field: "body.code" });
    expect((await post(city.browser(), "/session", password("viewer"))).status).toBe(201);
  });

  test("needs the password: a thief of the session locks nobody out", async () => {
    const browser = await city.loggedIn("viewer");
    for (const body of [{}, { password: "not-the-password" }]) {
      const problem = await browser.refusal("POST", "/account/totp", { body });
      expect(problem).toMatchObject({ status: 403, type: "urn:hotgrid:problem:not-confirmed" });
    }
    expect((await browser.get("/session")).status).toBe(200);
  });

  test("ends every other login, and gives this one a new token", async () => {
    const elsewhere = await city.loggedIn("supervisor-330603");
    const here = await city.loggedIn("supervisor-330603");
    const before = here.cookie;
    const { secret } = TotpEnrolment.parse(
      await (await post(here, "/account/totp", { password: TEST_PASSWORD })).json(),
    );
    expect((await post(here, "/account/totp/confirm", { code: shown(secret) })).status).toBe(200);
    expect(here.cookie).not.toBe(before);
    expect((await here.get("/session")).status).toBe(200);
    expect((await elsewhere.get("/session")).status).toBe(401);
    elsewhere.cookie = before;
    expect((await elsewhere.get("/session")).status).toBe(401);
  });

  test("belongs to no API token", async () => {
    const made = await new TokenStore(city.database, city.wall).add(
      { accountId: "viewer", name: "test", scope: "write", days: 1 },
      SYSTEM,
    );
    const headers = { authorization: `Bearer ${made.token}` };
    const problem = await city.browser().refusal("POST", "/account/totp", { headers, body: {} });
    expect(problem).toMatchObject({ status: 403, type: "urn:hotgrid:problem:token-scope" });
  });
});

describe("a login with one-time codes", () => {
  test("is open after the code, under another token; before it nothing is", async () => {
    const { secret } = await enrolled("supervisor-330604");
    const browser = await atSecondStep("supervisor-330604");
    const half = browser.cookie;
    for (const path of ["/session", "/tickets", "/stream", "/account/totp"])
      expect(await browser.refusal("GET", path)).toMatchObject({ status: 401 });
    expect(await browser.refusal("POST", "/account/totp", { body: {} })).toMatchObject({ status: 401 });

    const response = await post(browser, "/session/second-factor", { code: shown(secret) });
    expect([response.status, SessionView.parse(await response.json()).account.id]).toEqual([201, "supervisor-330604"]);
    expect(browser.cookie).not.toBe(half);
    expect((await browser.get("/tickets")).status).toBe(200);
    browser.cookie = half;
    expect(await browser.refusal("POST", "/session/second-factor", { body: { code: shown(secret) } })).toMatchObject({
      status: 401,
      type: "urn:hotgrid:problem:not-logged-in",
    });
  });

  test("takes a code once only, and a recovery code in its place once only", async () => {
    const { secret, codes } = await enrolled("supervisor-330602001");
    const code = shown(secret);
    expect((await post(await atSecondStep("supervisor-330602001"), "/session/second-factor", { code })).status).toBe(
      201,
    );
    const replay = await atSecondStep("supervisor-330602001");
    const refused = await replay.refusal("POST", "/session/second-factor", { body: { code } });
    expect(refused).toMatchObject({ status: 403, type: "urn:hotgrid:problem:second-factor-refused" });
    const recovery = { code: codes[3] };
    expect((await post(replay, "/session/second-factor", recovery)).status).toBe(201);
    const again = await atSecondStep("supervisor-330602001");
    expect((await post(again, "/session/second-factor", recovery)).status).toBe(403);
  });

  test("is paused after five wrong codes, and says the same as for a wrong one", async () => {
    const { secret } = await enrolled("supervisor-330602002");
    const browser = await atSecondStep("supervisor-330602002");
    const guess = { body: { code: shown(secret) === "111111" ? "222222" : "111111" } };
    const wrong = await browser.refusal("POST", "/session/second-factor", guess);
    for (let n = 1; n < 5; n++) await browser.refusal("POST", "/session/second-factor", guess);
    const right = await browser.refusal("POST", "/session/second-factor", { body: { code: shown(secret) } });
    expect(right).toEqual(wrong);
  });

  test("can be given up", async () => {
    const { browser } = await enrolled("supervisor-330602004");
    const half = await atSecondStep("supervisor-330602004");
    expect((await half.fetch("DELETE", "/session")).status).toBe(204);
    expect((await browser.get("/session")).status).toBe(200);
  });
});

test("second factors from one address are bounded", async () => {
  const strict = await startTestConsole({ limits: { loginsPerMinute: 2 } });
  try {
    const browser = strict.browser();
    const half = await new SessionStore(strict.database, strict.wall).create("viewer", { stage: "second-factor" });
    browser.cookie = `hotgrid-session=${half.token}`;
    const answers: number[] = [];
    for (let n = 0; n < 3; n++)
      answers.push((await post(browser, "/session/second-factor", { code: "123456" })).status);
    expect(answers).toEqual([403, 403, 429]);
  } finally {
    await strict.close();
  }
});

describe("turning it off", () => {
  test("needs the password and a code, and leaves this login only", async () => {
    const { browser, secret } = await enrolled("operator");
    const elsewhere = await atSecondStep("operator");
    expect((await post(elsewhere, "/session/second-factor", { code: shown(secret) })).status).toBe(201);
    wait();
    for (const [body, field] of [
      [{ password: "not-the-password", code: shown(secret) }, "body.password"],
      [{ password: TEST_PASSWORD, code: "000000" }, "body.code"],
    ] as const) {
      const problem = await browser.refusal("POST", "/account/totp/disable", { body });
      expect(problem).toMatchObject({ status: 403, field });
    }
    const off = await post(browser, "/account/totp/disable", { password: TEST_PASSWORD, code: shown(secret) });
    expect(off.status).toBe(204);
    expect((await browser.get("/session")).status).toBe(200);
    expect((await elsewhere.get("/session")).status).toBe(401);
    expect((await post(city.browser(), "/session", password("operator"))).status).toBe(201);
  });
});

describe("a role that has to have it", () => {
  test("gets to its enrolment and nowhere else, enrols without the password again, and can't turn it off", async () => {
    const browser = city.browser();
    const response = await post(browser, "/session", password("administrator"));
    expect([response.status, await response.json()]).toEqual([202, { next: "enrolment" }]);
    expect(await browser.refusal("GET", "/tickets")).toMatchObject({ status: 401 });
    expect(await browser.refusal("POST", "/session/second-factor", { body: { code: "123456" } })).toMatchObject({
      status: 401,
    });
    expect(await browser.read("/account/totp", TotpView)).toMatchObject({ enabledAt: null, required: true });
    const { secret } = TotpEnrolment.parse(await (await post(browser, "/account/totp", {})).json());
    expect((await post(browser, "/account/totp/confirm", { code: shown(secret) })).status).toBe(200);
    expect((await browser.get("/tickets")).status).toBe(200);
    wait();
    const off = { body: { password: TEST_PASSWORD, code: shown(secret) } };
    expect(await browser.refusal("POST", "/account/totp/disable", off)).toMatchObject({
      status: 403,
      type: "urn:hotgrid:problem:totp-required",
    });
  });

  test("is helped by an administrator's reset, which ends its sessions", async () => {
    const { browser } = await enrolled("supervisor-330602");
    const who = { id: "supervisor-330602", division: "330602" };
    await new TotpStore(city.database, city.wall, null).remove(who, SYSTEM, "totp-reset");
    expect((await browser.get("/session")).status).toBe(401);
    expect((await post(city.browser(), "/session", password("supervisor-330602"))).status).toBe(201);
  });
});
