import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { ROOT } from "../harness/embedded.ts";

/** Debian's Chromium. Absent: the test skips, saying so. */
const CHROMIUM = "/usr/bin/chromium";
export const chromiumIsThere = existsSync(CHROMIUM);

/** WebGL 2 without a graphics card, and no connection to anybody but the page's own server. */
const WORDS = [
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM, args: WORDS });

export interface OpenPage {
  readonly width: number;
  readonly height: number;
  readonly phone: boolean;
  readonly colorScheme?: "light" | "dark";
}
export const DESK_SCREEN: OpenPage = { width: 1440, height: 900, phone: false };
export const PHONE_SCREEN: OpenPage = { width: 390, height: 844, phone: true };

/** Of one step, ms: Playwright's own half a minute is little for a page that draws its map without a graphics card on a
 *  busy machine. */
const STEP_BOUND_MS = 120_000;

/** A page of its own session, as a person in China opens it. Closed with the browser. */
export async function openPage(browser: Browser, url: string, screen: OpenPage): Promise<Page> {
  const { width, height, phone, colorScheme = "light" } = screen;
  const context = await browser.newContext({
    ...{ viewport: { width, height }, locale: "zh-CN", timezoneId: "Asia/Shanghai" },
    ...{ isMobile: phone, hasTouch: phone, colorScheme },
  });
  context.setDefaultTimeout(STEP_BOUND_MS);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** The demo's accounts all have this password. */
export const PASSWORD = "hotgrid-demo";

export async function logIn(page: Page, username: string): Promise<void> {
  const form = page.getByTestId("login-form");
  await form.locator("input[autocomplete=username]").fill(username);
  await form.locator("input[type=password]").fill(PASSWORD);
  await page.getByTestId("login-submit").click();
  await form.waitFor({ state: "detached" });
}

/** Kept where a person can look at them: .hotgrid is not part of the repository. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = join(ROOT, ".hotgrid", "screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
