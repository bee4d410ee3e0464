import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { chromiumIsThere, DESK_SCREEN, launchChromium, logIn, openPage, PHONE_SCREEN } from "./chromium.ts";
import { type Desk, startDesk } from "./desk.ts";
import { BOUND_MS, beforeChromium } from "./with-chromium.ts";

/** axe's rules for WCAG 2.1 A and AA, and what it holds for good practice. */
const OPTIONS = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
  resultTypes: ["violations"],
};
/** A colour on its way from one to another is neither. */
const STILL = "*, ::before, ::after { transition: none !important; animation: none !important; }";
const VILLAGE = "330602012203";

let desk: Desk;
let browser: Browser;
let ticketId: string | null;
beforeChromium(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchChromium()]);
  ticketId = await desk.episode("E-axe", { division: VILLAGE, severity: "yellow", stationIds: ["HG-330602-042"] });
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});
const byDayAndNight = (name: string, run: (colorScheme: "light" | "dark") => Promise<void>) =>
  test.skipIf(!chromiumIsThere).each(["light", "dark"] as const)(`%s: ${name}`, run, BOUND_MS);

/** What axe finds on the page as it is: rule and element. */
async function found(page: Page): Promise<string[]> {
  await page.addStyleTag({ content: STILL });
  await page.evaluate(axe.source);
  // As text: the page has an axe of its own, and the document.
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${JSON.stringify(OPTIONS)})`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

byDayAndNight("every page of the desk can be read and reached by everybody", async (colorScheme) => {
  const page = await openPage(browser, desk.url, { ...DESK_SCREEN, colorScheme });
  await page.getByTestId("login-form").waitFor();
  expect(await found(page)).toEqual([]);
  await logIn(page, "administrator");
  for (const [name, ready] of [
    ["tickets", "ticket-board"],
    ["inspection", "inspector"],
    ["duty", "duty-answer"],
    ["notifications", "silence-add"],
    ["boundaries", "boundaries-page"],
    ["audit", "chain-state"],
    ["dead-letters", "dead-letters-page"],
  ] as const) {
    await page.getByTestId(`tab-${name}`).click();
    await page.getByTestId(ready).first().waitFor();
    expect([name, await found(page)]).toEqual([name, []]);
  }
  await page.goto(`${desk.url}/#/tickets?ticket=${ticketId}`);
  await page.getByTestId("history-entry").first().waitFor();
  expect(await found(page)).toEqual([]);
  await page.getByTestId("action-suspend").click();
  await page.getByTestId("action-form").waitFor();
  expect(await found(page)).toEqual([]);
});

byDayAndNight("so can every page of the officer's phone", async (colorScheme) => {
  const page = await openPage(browser, `${desk.url}/officer`, { ...PHONE_SCREEN, colorScheme });
  await logIn(page, `O-${VILLAGE}`);
  await page.getByTestId("ticket-card").waitFor();
  expect(await found(page)).toEqual([]);
  await page.getByTestId("ticket-card").click();
  await page.getByTestId("help-show").click();
  await page.getByTestId("help-lines").locator("li").first().waitFor();
  expect(await found(page)).toEqual([]);
  await page.getByTestId("more-actions").click();
  await page.getByTestId("action-not-mine").click();
  await page.getByTestId("belongs-to").waitFor();
  expect(await found(page)).toEqual([]);
});
