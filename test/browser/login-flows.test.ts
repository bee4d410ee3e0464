import { createECDH, randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { DESK_SCREEN, launchChromium, logIn, openPage, PHONE_SCREEN, screenshot } from "./chromium.ts";
import { type Desk, startDesk } from "./desk.ts";
import { beforeChromium, withChromium } from "./with-chromium.ts";

const OFFICER = "O-330602001017";
/** Another than the one of the notifications: what goes wrong with codes is not to lock that one out. */
const OFFICER_WITH_CODES = "O-330602012203";
const STEP_MS = 30_000;
const point = () => createECDH("prime256v1").generateKeys().toString("base64url");
const PUBLIC_KEY = point();

let desk: Desk;
let browser: Browser;
beforeChromium(async () => {
  const webPush = { publicKey: PUBLIC_KEY, hosts: ["push.example"] };
  [desk, browser] = await Promise.all([
    startDesk(undefined, { requireTotp: ["administrator"], webPush }),
    launchChromium(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

/** What the phone shows, so many steps from now. */
const shown = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: 30 }).generate({
    timestamp: Date.now() + steps * STEP_MS,
  });

async function confirm(page: Page): Promise<string> {
  const secret = (await page.getByTestId("totp-secret").textContent()) ?? "";
  await page.getByTestId("totp-confirm").locator("input").fill(shown(secret));
  await page.getByTestId("totp-confirm-submit").click();
  await page.getByTestId("recovery-codes").waitFor();
  expect(await page.getByTestId("recovery-codes").locator("li").count()).toBe(10);
  return secret;
}

withChromium("a role that needs one-time codes enrols at its login, and is asked for one at the next", async () => {
  const page = await openPage(browser, desk.url, DESK_SCREEN);
  await logIn(page, "administrator");
  await page.getByTestId("totp-begin").click();
  await screenshot(page, "totp-enrolment");
  const secret = await confirm(page);
  await page.getByTestId("totp-kept").click();
  await page.getByTestId("account").click();
  await page.getByTestId("logout").click();

  await logIn(page, "administrator");
  const step = page.getByTestId("second-factor");
  await step.locator("input").fill("000000");
  await page.getByTestId("second-factor-submit").click();
  await page.getByText("动态口令不正确").waitFor();
  // The present step's code may be the one that confirmed: the next one's is taken as well.
  await step.locator("input").fill(shown(secret, 1));
  await page.getByTestId("second-factor-submit").click();
  await page.getByTestId("account").waitFor();
});

withChromium("an officer turns one-time codes on and off on the phone", async () => {
  const page = await openPage(browser, `${desk.url}/officer`, PHONE_SCREEN);
  await logIn(page, OFFICER_WITH_CODES);
  await page.getByTestId("security").click();
  await page.locator("dialog input[type=password]").fill("hotgrid-demo");
  await page.getByTestId("totp-begin").click();
  const secret = await confirm(page);
  await page.getByTestId("totp-kept").click();
  await page.getByText("动态口令已启用，剩余恢复码 10 个").waitFor();
  await page.locator("dialog input[type=password]").fill("hotgrid-demo");
  await page.getByTestId("totp-disable").locator("input[name=code]").fill(shown(secret, 1));
  await page.getByTestId("totp-disable-submit").click();
  await page.getByText("动态口令未启用").waitFor();
});

/** Chromium from Debian has no push service behind it: what it would answer is put in its place, the rest is real. */
async function withPushService(page: Page): Promise<void> {
  const p256dh = point();
  const json = {
    endpoint: "https://push.example/device-1",
    keys: { p256dh, auth: randomBytes(16).toString("base64url") },
    expirationTime: null,
  };
  await page.addInitScript({
    content: `
      const json = ${JSON.stringify(json)};
      let there = false;
      const subscription = {
        ...json,
        options: { applicationServerKey: null },
        toJSON: () => json,
        unsubscribe: async () => !(there = false),
      };
      PushManager.prototype.subscribe = async () => ((there = true), subscription);
      PushManager.prototype.getSubscription = async () => (there ? subscription : null);
    `,
  });
}
const devices = () => desk.system.database.selectFrom("push_subscriptions").select("account_id").execute();
const push = (page: Page, state: string) => page.locator(`[data-testid="push"][data-state="${state}"]`);

withChromium("notifications are turned on for a device, and off again by logging out", async () => {
  const page = await openPage(browser, `${desk.url}/officer`, PHONE_SCREEN);
  await page.context().grantPermissions(["notifications"]);
  await withPushService(page);
  await page.reload();
  await logIn(page, OFFICER);
  await push(page, "off").waitFor();
  await screenshot(page, "push-off");
  await page.getByTestId("push-turn").click();
  await push(page, "on").waitFor();
  expect(await devices()).toEqual([{ account_id: OFFICER }]);
  await page.getByTestId("logout").click();
  await page.getByTestId("login-form").waitFor();
  expect(await devices()).toEqual([]);
});

withChromium("without a push service behind the browser, the page says so", async () => {
  const page = await openPage(browser, `${desk.url}/officer`, PHONE_SCREEN);
  await page.context().grantPermissions(["notifications"]);
  await logIn(page, OFFICER);
  await page.getByTestId("push-turn").click();
  await page.getByText("没有开启成功").waitFor();
  await push(page, "off").waitFor();
});

withChromium("a message that arrives in the background is shown by the page's worker", async () => {
  const page = await openPage(browser, `${desk.url}/officer`, PHONE_SCREEN);
  await page.context().grantPermissions(["notifications"]);
  await page.evaluate(
    'navigator.serviceWorker.register("/push-worker.js").then(() => navigator.serviceWorker.ready).then(() => 0)',
  );
  const devtools = await page.context().newCDPSession(page);
  const registered = new Promise<string>((found) =>
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const [registration] = registrations;
      if (registration) found(registration.registrationId);
    }),
  );
  await devtools.send("ServiceWorker.enable");
  const handled = pushHandled(devtools);
  await devtools.send("BackgroundService.startObserving", { service: "pushMessaging" });
  await devtools.send("BackgroundService.setRecording", { service: "pushMessaging", shouldRecord: true });
  const payload = { id: "m1", title: "【热点网格】新工单 红色", body: "塔山街道", path: "/officer#/tickets/T1" };
  await devtools.send("ServiceWorker.deliverPushMessage", {
    origin: desk.url,
    registrationId: await registered,
    data: JSON.stringify(payload),
  });
  // Asked once, after it is there: Chromium forgets what is shown while it gathers its answer to this.
  expect(await handled).toBe("Success");
  const shownThere = await page.evaluate(`navigator.serviceWorker.ready
    .then((registration) => registration.getNotifications())
    .then((all) => all.map(({ title, body, tag }) => ({ title, body, tag })))`);
  expect(shownThere).toEqual([{ title: payload.title, body: payload.body, tag: "m1" }]);
});

/** How the page's worker ends with the next push message, in Chromium's words. */
const pushHandled = (devtools: CDPSession): Promise<string | undefined> =>
  new Promise((ended) =>
    devtools.on("BackgroundService.backgroundServiceEventReceived", ({ backgroundServiceEvent }) => {
      const { eventName, eventMetadata } = backgroundServiceEvent;
      if (eventName === "Push event completed") ended(eventMetadata.find(({ key }) => key === "Status")?.value);
    }),
  );
