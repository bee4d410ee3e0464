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

/** Kept where a person can look at them: .hotgrid is not part of the repository. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = join(ROOT, ".hotgrid", "screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
