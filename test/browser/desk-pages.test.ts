import { PeopleStore } from "@hotgrid/store";
import type { Browser, Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { DESK_SCREEN, launchChromium, logIn, openPage, PHONE_SCREEN, screenshot } from "./chromium.ts";
import { type Desk, startDesk } from "./desk.ts";
import { beforeChromium, withChromium } from "./with-chromium.ts";

const VILLAGE = "330602001017";

let desk: Desk;
let browser: Browser;
let supervisor: Page;
beforeChromium(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchChromium()]);
  supervisor = await openPage(browser, desk.url, DESK_SCREEN);
  await logIn(supervisor, "supervisor-330602");
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

withChromium("a silence is set with its author, and ended early after a question", async () => {
  await supervisor.getByTestId("tab-notifications").click();
  await supervisor.getByTestId("silence-add").click();
  const form = supervisor.getByTestId("silence-form");
  await supervisor.getByTestId("silence-submit").click();
  await form.getByText("请填写原因").waitFor();
  await supervisor.getByTestId("until-quick").nth(1).click();
  await form.locator("textarea").fill("站点迁移，设备搬运");
  await supervisor.getByTestId("silence-submit").click();
  const silence = supervisor.getByTestId("silence").filter({ hasText: "站点迁移，设备搬运" });
  await silence.getByText("越城区督办员").waitFor();
  await silence.getByText("11-23 06:00").waitFor();
  await screenshot(supervisor, "supervisor-silences");
  await silence.getByTestId("silence-end").click();
  await supervisor.getByTestId("silence-end-yes").click();
  await silence.waitFor({ state: "detached" });
});

withChromium("a page whose stream does not come reckons by the demo's clock all the same", async () => {
  const page = await openPage(browser, desk.url, DESK_SCREEN);
  await page.route("**/api/v1/stream", () => undefined);
  await logIn(page, "supervisor-330602");
  await page.getByTestId("tab-notifications").click();
  await page.getByTestId("silence-add").click();
  await page.getByTestId("until-quick").nth(1).click();
  const until = page.getByTestId("silence-form").locator("input[type=datetime-local]");
  await expect.poll(() => until.inputValue()).toBe("2026-11-23T06:00");
});

withChromium("who is on duty for a village: now, and at a moment of one's choice", async () => {
  await supervisor.goto(`${desk.url}/#/duty?about=${VILLAGE}`);
  const answer = supervisor.locator(`[data-testid="duty-answer"][data-division="${VILLAGE}"]`);
  await answer.locator(`[data-testid="on-duty"][data-officer-id="O-${VILLAGE}"]`).first().waitFor();
  expect(await answer.getAttribute("data-at")).toBe("2026-11-22T22:00:00+08:00");
  await supervisor.getByTestId("duty-at").fill("2026-11-23T10:30");
  await supervisor.locator('[data-testid="duty-answer"][data-at="2026-11-23T10:30:00+08:00"]').waitFor();
  await screenshot(supervisor, "supervisor-duty");
  await supervisor.getByTestId("duty-now").click();
  await supervisor.locator('[data-testid="duty-answer"][data-at="2026-11-22T22:00:00+08:00"]').waitFor();
});

withChromium("holes of the next 30 days stand first, with their remedy; a cell says who is asked in it", async () => {
  await supervisor.goto(`${desk.url}/#/duty`);
  await supervisor.locator('[data-testid="coverage"][data-holes="0"]').waitFor();
  const people = new PeopleStore(desk.system.database);
  const end = Date.parse("2026-11-25T08:00:00+08:00");
  await people.endTerm(`O-${VILLAGE}`, VILLAGE, end);
  await supervisor.getByTestId("coverage").getByRole("button", { name: "重新核对" }).click();
  const hole = supervisor.locator(`[data-testid="coverage-hole"][data-division="${VILLAGE}"]`);
  await hole.getByText("11-25 08:00").waitFor();
  await hole.getByText(`为东双桥社区(${VILLAGE})指定在任网格员`).waitFor();
  await screenshot(supervisor, "supervisor-coverage");
  const assignments = [{ officerId: `O-${VILLAGE}`, division: VILLAGE, role: "primary" as const, from: end, to: null }];
  await people.upsert({ officers: [], assignments });
  await supervisor.getByTestId("coverage").getByRole("button", { name: "重新核对" }).click();
  await hole.waitFor({ state: "detached" });

  const place = desk.system.stations.all().find(({ division }) => division === VILLAGE);
  const [cell] = desk.system.grid.cells.idsAt(place?.lon ?? 0, place?.lat ?? 0);
  await supervisor.goto(`${desk.url}/#/duty?about=${cell}`);
  const duty = supervisor.locator(`[data-testid="cell-duty"][data-cell="${cell}"]`);
  await duty.locator(`[data-officer-id="O-${VILLAGE}"]`).waitFor();
});

withChromium("the audit page: the chain is whole, and a ticket's records say who did what", async () => {
  const ticketId = await desk.episode("E-audit", { division: VILLAGE, stationIds: ["HG-330602-001"] });
  await supervisor.goto(`${desk.url}/#/tickets?ticket=${ticketId}`);
  await supervisor.getByTestId("action-supervise").click();
  await supervisor.getByTestId("action-form").locator("textarea").fill("请尽快到场");
  await supervisor.getByTestId("action-submit").click();
  await supervisor.locator('[data-testid="action-done"][data-action="supervise"]').waitFor();
  await supervisor.getByTestId("ticket-audit").click();
  await supervisor.locator('[data-testid="chain-state"][data-whole="true"]').waitFor();
  const line = supervisor.locator('[data-testid="audit-line"][data-action="supervise"]');
  await line.getByText("请尽快到场").waitFor();
  await line.getByText("supervisor-330602").waitFor();
  expect(await supervisor.getByTestId("audit-line").count()).toBe(2);
  await screenshot(supervisor, "supervisor-audit");
});

withChromium("a page of other roles says so, and its tab is not there", async () => {
  const viewer = await openPage(browser, `${desk.url}/#/audit`, DESK_SCREEN);
  await logIn(viewer, "viewer");
  await viewer.getByTestId("forbidden").waitFor();
  expect(await viewer.getByTestId("tab-audit").count()).toBe(0);
  expect(await viewer.getByTestId("fire-button").count()).toBe(0);
});

withChromium(
  "a part of the page that can't be loaded, as after an update, says so and takes nothing with it",
  async () => {
    const operator = await openPage(browser, desk.url, DESK_SCREEN);
    await logIn(operator, "operator");
    const chunk = "**/assets/boundaries-page-*.js";
    await operator.route(chunk, (route) => route.fulfill({ status: 404, body: "" }));
    await operator.getByTestId("tab-boundaries").click();
    await operator.getByTestId("page-failed").waitFor();
    await operator.getByTestId("tab-tickets").click();
    await operator.getByTestId("ticket-board").waitFor();
    await operator.getByTestId("tab-boundaries").click();
    await operator.unroute(chunk);
    await operator.getByTestId("page-failed").getByRole("button").click();
    await operator.getByTestId("boundaries-page").waitFor();
  },
);

withChromium("a step sent without a network goes through by itself once it is back, once", async () => {
  const officer = await openPage(browser, `${desk.url}/officer`, PHONE_SCREEN);
  await logIn(officer, "O-330602012203");
  await officer.locator('[data-testid="connection"][data-state="live"]').waitFor({ state: "attached" });
  const ticketId = await desk.episode("E-away", { division: "330602012203", stationIds: ["HG-330602-042"] });
  await officer.locator(`[data-ticket-id="${ticketId}"]`).click();
  await officer.getByTestId("next-step").waitFor();
  // The page tries again for seven seconds; a network that we are slow to bring back is not what this is about.
  await officer.clock.install();
  await officer.clock.pauseAt(Date.now() + 60_000);
  await officer.context().setOffline(true);
  await Promise.all([
    officer.waitForEvent("requestfailed", (request) => request.url().endsWith("/respond")),
    officer.getByTestId("next-step").click(),
  ]);
  await officer.context().setOffline(false);
  await officer.clock.resume();
  await officer.locator('[data-testid="next-step"][data-action="handle"]').waitFor();
  const responses = officer.locator(".history li").filter({ hasText: "响应" });
  const own = responses.filter({ hasNotText: "系统" });
  await own.first().waitFor();
  expect(await own.count()).toBe(1);
});

withChromium("a session that ended is said at the login, and what was open is there again after it", async () => {
  const ticketId = await desk.episode("E-session", { division: VILLAGE, stationIds: ["HG-330602-003"] });
  const officer = await openPage(browser, `${desk.url}/officer#/tickets/${ticketId}`, PHONE_SCREEN);
  await logIn(officer, `O-${VILLAGE}`);
  await officer.getByTestId("next-step").waitFor();
  await officer.context().clearCookies();
  await officer.getByTestId("next-step").click();
  await officer.getByTestId("session-ended").waitFor();
  await logIn(officer, `O-${VILLAGE}`);
  await officer.locator('[data-testid="next-step"][data-action="respond"]').waitFor();
});
