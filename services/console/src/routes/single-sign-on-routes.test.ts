import { LoginOptionsView, LogoutElsewhere, SessionView } from "@hotgrid/contracts";
import { AccountStore, AuditStore, openTotpKey, SYSTEM, TotpStore } from "@hotgrid/store";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SingleSignOnConfig } from "../single-sign-on/read-single-sign-on.ts";
import { startTestConsole, TEST_PASSWORD, type TestConsole } from "../testing.ts";
import { TestProvider } from "../testing-oidc.ts";
import { TestSurfer } from "../testing-surfer.ts";

const CITY = "330600";
const YUECHENG = "330602";

let city: TestConsole;
let provider: TestProvider;
/** As browsers know it, behind a proxy. */
const CONSOLE = "https://hotgrid.example";
const configFor = (issuer: string): SingleSignOnConfig => ({
  issuer,
  console: CONSOLE,
  clientId: "hotgrid",
  clientSecret: "a-secret-of-the-test-0123456789",
  scope: "openid profile",
  label: { zh: "统一身份认证登录", en: "Single sign-on" },
  claim: "sub",
  names: "account",
  grants: [
    { claim: "groups", value: "bureau-yuecheng", role: "supervisor", division: YUECHENG },
    { claim: "groups", value: "guests", role: "viewer", division: CITY },
  ],
  allowHttp: true,
});

beforeAll(async () => {
  provider = await TestProvider.start(CONSOLE);
  city = await startTestConsole({ singleSignOn: configFor(provider.issuer) });
});
afterAll(async () => {
  await city.close();
  await provider.close();
});
beforeEach(() => {
  provider.person = { sub: "operator" };
  provider.broken = false;
});

const surferTo = ({ url }: TestConsole) => new TestSurfer({ [CONSOLE]: url });
const start = (page = "operator") => `${CONSOLE}/api/v1/session/oidc?page=${page}`;
const isOurPage = (url: string) => /^[^?]*\/(officer)?\?login=/.test(url);
const isCallback = (url: string) => url.includes("/session/oidc/callback");
/** What our page's address says in the end. */
async function logIn(surfer = surferTo(city), page = "operator"): Promise<string> {
  const url = new URL(await surfer.follow(start(page), isOurPage));
  return `${url.pathname}${url.search}`;
}
function browserOf(surfer: TestSurfer) {
  const browser = city.browser();
  browser.cookie = `hotgrid-session=${surfer.cookie(CONSOLE, "hotgrid-session") ?? ""}`;
  return browser;
}

describe("a login at the provider", () => {
  test("is offered to the login page, and is a login here as the account that the claim names", async () => {
    expect((await city.browser().read("/session/options", LoginOptionsView)).singleSignOn?.zh).toBe("统一身份认证登录");
    const surfer = surferTo(city);
    expect(await logIn(surfer)).toBe("/?login=ok");
    expect((await browserOf(surfer).read("/session", SessionView)).account).toMatchObject({
      id: "operator",
      role: "operator",
    });
    const { items } = await new AuditStore(city.database).list({ division: CITY, subject: "login", limit: 1 });
    expect(items[0]).toMatchObject({ action: "single-sign-on", subjectId: "operator" });
  });

  test("sends PKCE, state and nonce, and comes back to the page that asked", async () => {
    const surfer = surferTo(city);
    const sent = new URL((await surfer.visit(start("officer"))).headers.get("location") ?? "").searchParams;
    expect(sent.get("code_challenge_method")).toBe("S256");
    for (const name of ["code_challenge", "state", "nonce"]) expect(sent.get(name)?.length).toBeGreaterThan(40);
    expect(await logIn(surfer, "officer")).toBe("/officer?login=ok");
  });

  test("ends with the logout, here and then there", async () => {
    const surfer = surferTo(city);
    await logIn(surfer);
    const browser = browserOf(surfer);
    const response = await browser.fetch("DELETE", "/session");
    const { next } = LogoutElsewhere.parse(await response.json());
    expect(next.startsWith(provider.issuer)).toBe(true);
    expect(new URL(next).searchParams.get("post_logout_redirect_uri")).toBe(`${CONSOLE}/`);
    expect((await surfer.visit(next)).status).toBe(200);
    expect((await browser.get("/session")).status).toBe(401);
  });

  test("of an account with one-time codes asks for one, too", async () => {
    const totp = new TotpStore(city.database, city.wall, await openTotpKey(city.database, city.totpKey));
    const secret = await totp.begin("administrator");
    const shown = () =>
      new TOTP({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: 30 }).generate({
        timestamp: city.wall.now(),
      });
    await totp.confirm({ id: "administrator", division: CITY }, shown(), SYSTEM);
    city.wall.advanceTo(city.wall.now() + 30_000);
    provider.person = { sub: "administrator" };
    const surfer = surferTo(city);
    expect(await logIn(surfer)).toBe("/?login=second-factor");
    const browser = browserOf(surfer);
    expect((await browser.get("/session")).status).toBe(401);
    const second = await browser.fetch("POST", "/session/second-factor", { body: { code: shown() } });
    expect(second.status).toBe(201);
    expect((await browser.get("/session")).status).toBe(200);
  });
});

describe("rights are ours to give", () => {
  test("nobody gets any by being known to the provider", async () => {
    provider.person = { sub: "stranger", groups: ["somewhere-else"] };
    const surfer = surferTo(city);
    expect(await logIn(surfer)).toBe("/?login=unknown-account");
    expect(surfer.cookie(CONSOLE, "hotgrid-session")).toBeUndefined();
    expect(await new AccountStore(city.database, city.wall).find("stranger")).toBeUndefined();
  });

  test("a rule makes an account, keeps its rights up to date, and takes them away", async () => {
    provider.person = { sub: "zhou", name: "周敏", groups: ["x", "bureau-yuecheng"] };
    const first = surferTo(city);
    expect(await logIn(first)).toBe("/?login=ok");
    expect((await browserOf(first).read("/session", SessionView)).account).toEqual({
      ...{ id: "zhou", name: "周敏", role: "supervisor", division: YUECHENG, officerId: null },
    });
    provider.person = { sub: "zhou", groups: ["guests"] };
    const second = surferTo(city);
    await logIn(second);
    expect((await browserOf(second).read("/session", SessionView)).account).toMatchObject({ role: "viewer" });
    expect((await browserOf(first).get("/session")).status).toBe(401);
    provider.person = { sub: "zhou", groups: [] };
    expect(await logIn()).toBe("/?login=no-grant");
    expect((await browserOf(second).get("/session")).status).toBe(401);
    const audit = await new AuditStore(city.database).list({
      division: CITY,
      subjectId: "zhou",
      subject: "account",
      limit: 9,
    });
    expect(audit.items.map(({ action }) => action)).toEqual(["rights", "create"]);
  });

  test("a rule changes no account that a person made", async () => {
    provider.person = { sub: "viewer", groups: ["bureau-yuecheng"] };
    const surfer = surferTo(city);
    await logIn(surfer);
    expect((await browserOf(surfer).read("/session", SessionView)).account).toMatchObject({
      role: "viewer",
      division: CITY,
    });
  });

  test("a disabled account stays outside", async () => {
    await new AccountStore(city.database, city.wall).disable("supervisor-330604");
    provider.person = { sub: "supervisor-330604" };
    expect(await logIn()).toBe("/?login=disabled");
  });

  test("an account that a rule made has no password", async () => {
    provider.person = { sub: "qian", groups: ["guests"] };
    await logIn();
    const body = { username: "qian", password: TEST_PASSWORD };
    expect(await city.browser().refusal("POST", "/session", { body })).toMatchObject({ status: 401 });
  });
});

describe("from the wrong side", () => {
  test("an answer is taken once: the same address again leads nowhere", async () => {
    const surfer = surferTo(city);
    const callback = await surfer.follow(start(), isCallback);
    expect((await surfer.visit(callback)).headers.get("location")).toBe("/?login=ok");
    expect((await surfer.visit(callback)).headers.get("location")).toBe("/?login=expired");
  });

  test("an answer belongs to the browser that asked: a planted one logs nobody in", async () => {
    const callback = await surferTo(city).follow(start(), isCallback);
    const victim = surferTo(city);
    expect((await victim.visit(callback)).headers.get("location")).toBe("/?login=expired");
    await victim.visit(start());
    expect((await victim.visit(callback)).headers.get("location")).toBe("/?login=failed");
    expect(victim.cookie(CONSOLE, "hotgrid-session")).toBeUndefined();
  });

  test.each<[string, (url: URL) => void]>([
    ["another state", (url) => url.searchParams.set("state", "A".repeat(43))],
    ["no state", (url) => url.searchParams.delete("state")],
    ["another issuer, as in a mix-up of two providers", (url) => url.searchParams.set("iss", "https://evil.example")],
    ["a forged code", (url) => url.searchParams.set("code", "A".repeat(43))],
    ["no code at all", (url) => url.searchParams.delete("code")],
  ])("%s is refused", async (_what, spoil) => {
    const surfer = surferTo(city);
    const url = new URL(await surfer.follow(start(), isCallback));
    spoil(url);
    expect((await surfer.visit(url.href)).headers.get("location")).toBe("/?login=failed");
    expect(surfer.cookie(CONSOLE, "hotgrid-session")).toBeUndefined();
  });

  test.each(["nonce", "verifier"] as const)("an answer to another %s is refused", async (column) => {
    const surfer = surferTo(city);
    const callback = await surfer.follow(start(), isCallback);
    await city.database
      .updateTable("single_sign_ons")
      .set({ [column]: "B".repeat(43) })
      .execute();
    expect((await surfer.visit(callback)).headers.get("location")).toBe("/?login=failed");
  });

  test("an answer that took more than ten minutes is refused", async () => {
    const surfer = surferTo(city);
    const callback = await surfer.follow(start(), isCallback);
    city.wall.advanceTo(city.wall.now() + 600_000);
    expect((await surfer.visit(callback)).headers.get("location")).toBe("/?login=expired");
  });

  test("who gives up at the provider's page is told so", async () => {
    provider.person = null;
    expect(await logIn(surferTo(city), "officer")).toBe("/officer?login=refused");
  });

  test("the page to come back to is one of ours", async () => {
    const problem = await city.browser().refusal("GET", "/session/oidc?page=https://evil.example");
    expect(problem).toMatchObject({ status: 422, field: "querystring.page" });
  });
});

describe("a provider", () => {
  test("that names itself otherwise than it is configured is not believed", async () => {
    const wrong = await startTestConsole({
      singleSignOn: configFor(provider.issuer.replace("127.0.0.1", "localhost")),
    });
    try {
      const response = await surferTo(wrong).visit(`${CONSOLE}/api/v1/session/oidc`);
      expect(response.headers.get("location")).toBe("/?login=failed");
    } finally {
      await wrong.close();
    }
  });

  test("that is away keeps nobody from a password, and is asked again when it is back", async () => {
    provider.broken = true;
    const fresh = await startTestConsole({ singleSignOn: configFor(provider.issuer) });
    try {
      const answer = async () =>
        (await surferTo(fresh).visit(`${CONSOLE}/api/v1/session/oidc`)).headers.get("location") ?? "";
      expect(await answer()).toBe("/?login=unavailable");
      await fresh.browser().logIn("viewer", TEST_PASSWORD);
      provider.broken = false;
      expect(await answer()).toContain(`${provider.issuer}/auth?`);
    } finally {
      await fresh.close();
    }
  });

  test("that is not configured is not offered, and its addresses are not there", async () => {
    const without = await startTestConsole();
    try {
      expect(await without.browser().read("/session/options", LoginOptionsView)).toEqual({ singleSignOn: null });
      const browser = await without.loggedIn("viewer");
      expect(await browser.refusal("GET", "/session/oidc")).toMatchObject({ status: 404 });
    } finally {
      await without.close();
    }
  });
});
