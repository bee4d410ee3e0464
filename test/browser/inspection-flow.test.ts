import type { Browser, Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { DESK_SCREEN, launchChromium, logIn, openPage, PHONE_SCREEN, screenshot } from "./chromium.ts";
import { type Desk, startDesk } from "./desk.ts";
import { beforeChromium, withChromium } from "./with-chromium.ts";

let desk: Desk;
let browser: Browser;
let supervisor: Page;
beforeChromium(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchChromium()]);
  supervisor = await openPage(browser, desk.url, DESK_SCREEN);
  await logIn(supervisor, "supervisor-330600");
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});
const state = (page: Page, name: string) => page.locator(`[data-testid="ticket-state"][data-state="${name}"]`);

withChromium(
  "a false alarm is drawn; the inspector finds dust after all, and the ticket opens with a plan",
  async () => {
    const ticketId = await desk.episode("E-inspect", { division: "330602001017", stationIds: ["HG-330602-001"] });
    await supervisor.goto(`${desk.url}/#/tickets?ticket=${ticketId}`);
    await supervisor.getByTestId("action-false-alarm").click();
    const alarm = supervisor.getByTestId("action-form");
    await alarm.locator("#reason").click();
    await supervisor.locator(".ant-select-item").filter({ hasText: "现场无污染" }).click();
    await alarm.locator("textarea").fill("到场未见污染源");
    await supervisor.getByTestId("action-submit").click();
    await state(supervisor, "closed").waitFor();

    const inspector = await openPage(browser, desk.url, PHONE_SCREEN);
    await logIn(inspector, "inspector");
    await inspector.locator(`[data-testid="inspection"][data-ticket-id="${ticketId}"] button`).click();
    await screenshot(inspector, "inspector-list");
    await inspector.getByTestId("action-inspect").click();
    const result = inspector.getByTestId("action-form");
    await result.getByText("不通过，重新打开").click();
    await result.locator("#plan").fill("裸土三日内全部覆盖，街道城管负责。");
    await result.locator("#note").fill("工地裸土未覆盖，扬尘明显。");
    await screenshot(inspector, "inspector-result");
    await inspector.getByTestId("action-submit").click();

    await state(supervisor, "dispatched").waitFor();
    await supervisor.locator('[data-testid="ticket-inspection"][data-state="failed"]').waitFor();
    await supervisor.getByText("整改方案：裸土三日内全部覆盖").first().waitFor();
  },
);

withChromium(
  "a grant is revoked and given anew; without one the inspector is told so, not shown empty lists",
  async () => {
    await supervisor.getByTestId("tab-inspection").click();
    const row = supervisor.locator('[data-testid="inspector"][data-inspector-id="inspector"]');
    await row.locator('[data-testid="grant"][data-active="true"]').waitFor();
    await screenshot(supervisor, "supervisor-inspection");
    await row.getByTestId("grant-revoke").click();
    await supervisor.getByTestId("grant-revoke-yes").click();
    await row.getByText("未授权").waitFor();

    const inspector = await openPage(browser, desk.url, DESK_SCREEN);
    await logIn(inspector, "inspector");
    await inspector.getByTestId("no-grant").waitFor();

    await row.getByTestId("grant-give").click();
    await supervisor.getByTestId("until-quick").first().click();
    await supervisor.getByTestId("grant-submit").click();
    await row.locator('[data-testid="grant"][data-active="true"]').waitFor();
    await inspector.getByTestId("no-grant").getByRole("button").first().click();
    await inspector.getByTestId("inspection-page").waitFor();
    expect(await inspector.getByTestId("tab-tickets").count()).toBe(0);
  },
);
