import type { TicketNotificationView, TicketView } from "@hotgrid/contracts";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { ApiClient } from "../harness/api-client.ts";
import { DESK_SCREEN, launchChromium, logIn, openPage, PASSWORD, screenshot } from "./chromium.ts";
import { type Desk, startDesk } from "./desk.ts";
import { beforeChromium, withChromium } from "./with-chromium.ts";

const VILLAGE = "330602001017";

let desk: Desk;
let browser: Browser;
let supervisor: Page;
const api = () => new ApiClient(Number(new URL(desk.url).port));
beforeChromium(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchChromium()]);
  supervisor = await openPage(browser, desk.url, DESK_SCREEN);
  await logIn(supervisor, "supervisor-330602");
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});
const goTo = (hash: string) => supervisor.goto(`${desk.url}/${hash}`);
const state = (name: string) => supervisor.locator(`[data-testid="ticket-state"][data-state="${name}"]`);

withChromium("a suspension says what follows, and is taken back by one click, on record", async () => {
  const ticketId = await desk.episode("E-suspend", { division: VILLAGE, stationIds: ["HG-330602-001"] });
  await goTo(`#/tickets?ticket=${ticketId}`);
  await supervisor.getByTestId("action-suspend").click();
  await supervisor.getByText("时限暂停到所选时间").waitFor();
  await supervisor.getByTestId("until-quick").nth(1).click();
  await supervisor.getByTestId("action-form").locator("textarea").fill("纳入年度整治工程");
  await supervisor.getByTestId("action-submit").click();
  await state("suspended").waitFor();
  await supervisor.getByTestId("action-undo").click();
  await state("dispatched").waitFor();
  await supervisor.getByTestId("history-entry").filter({ hasText: "撤销：挂账" }).waitFor();
});

withChromium("a ticket goes to a department, and what is elsewhere is split off as a ticket of its own", async () => {
  const [here, there] = ["HG-330602-001", "HG-330602-042"];
  const ticketId = await desk.episode("E-split", { division: VILLAGE, lon: 120.59, stationIds: [here, there] });
  await goTo(`#/tickets?ticket=${ticketId}`);
  await supervisor.getByTestId("action-split").click();
  const form = supervisor.getByTestId("action-form");
  await choose(form.locator("#stationIds"), there);
  await form.locator("textarea").fill("坝口村是另一处火点");
  await supervisor.getByTestId("action-submit").click();
  await supervisor.locator('[data-testid="action-done"][data-action="split"]').waitFor();

  await supervisor.getByTestId("action-transfer").click();
  await choose(form.locator("#officerId"), "综合执法");
  await form.locator("textarea").fill("占道经营，由执法部门处理");
  await supervisor.getByTestId("action-submit").click();
  await supervisor.getByTestId("ticket-officer").filter({ hasText: "综合执法" }).waitFor();

  const client = api();
  await client.login("supervisor-330602", PASSWORD);
  const { items } = (await client.get("/tickets?status=open")) as { items: TicketView[] };
  const part = items.find(({ splitFrom }) => splitFrom === ticketId);
  expect(part?.stationIds).toEqual([there]);
  await goTo(`#/tickets?ticket=${part?.id}`);
  await supervisor.getByText("拆分自").waitFor();
});

/** Types a part of the name and takes what is found, as a person does. */
async function choose(input: Locator, words: string): Promise<void> {
  await input.fill(words);
  await supervisor.locator(".ant-select-item-option").filter({ hasText: words }).first().click();
}

withChromium("the delivery log shows the attempt that failed and the one that went through", async () => {
  desk.webhook.status = 503;
  const place = { division: VILLAGE, lon: 120.61, stationIds: ["HG-330602-002"] };
  const ticketId = await desk.episode("E-told", { ...place, severity: "red" });
  const client = api();
  await client.login("operator", PASSWORD);
  const attempts = async () => {
    const { items } = (await client.get(`/tickets/${ticketId}/notifications`)) as { items: TicketNotificationView[] };
    return items.flatMap(({ message }) => message?.attempts ?? []).map(({ outcome }) => outcome);
  };
  await expect.poll(attempts).toContain("later");
  desk.webhook.status = 204;
  desk.pass(1);
  await expect.poll(attempts).toContain("sent");

  await goTo(`#/tickets?ticket=${ticketId}`);
  await supervisor.getByTestId("ticket-notifications-show").click();
  const told = supervisor.locator('[data-testid="ticket-notification"][data-state="sent"]').last();
  await told.getByText("HTTP 503").waitFor();
  await goTo("#/notifications");
  const message = supervisor.locator('[data-testid="message"][data-state="sent"]').filter({ hasText: `${ticketId}` });
  await message.last().waitFor();
  await screenshot(supervisor, "supervisor-notifications");
});

withChromium("more than ten tickets in ten minutes are an alarm flood, and over ten minutes later", async () => {
  const banner = supervisor.getByTestId("alarm-flood");
  const villages = desk.system.grid.divisions.values().filter(({ code }) => /^330602\d{6}$/.test(code));
  let count = 0;
  for (const { code, lon, lat } of villages.drop(10).take(11)) {
    await desk.episode(`E-flood-${code}`, { division: code, lon, lat, stationIds: [`S-${count}`], severity: "orange" });
    count += 1;
  }
  await banner.waitFor();
  await screenshot(supervisor, "supervisor-flood");
  await supervisor.getByTestId("flood-red").click();
  await expect.poll(() => supervisor.url()).toContain("#/tickets?about=red");
  desk.pass(11);
  // The page looks again by itself: after a reload the banner would be away until it is known, too.
  await banner.waitFor({ state: "detached" });
});

withChromium("a regional notice lists the local episodes that it stands for", async () => {
  const stations = desk.system.stations.all().filter(({ division }) => division.startsWith("330603"));
  const [first, second, third] = stations.map(({ id }) => id);
  if (!first || !second || !third) throw new Error("柯桥 has too few stations");
  const region = { division: "330603", stationIds: [first, second, third], lon: 120.49, lat: 30.1 };
  await desk.episode("E-regional", { ...region, kind: "regional" });
  const child = { division: "330603003221", stationIds: [second] };
  expect(await desk.episode("E-child", { ...child, severity: "yellow" })).toBeNull();
  const operator = await openPage(browser, `${desk.url}/#/?episode=E-regional`, DESK_SCREEN);
  await logIn(operator, "operator");
  await operator.locator('[data-testid="inhibited-episode"][data-episode-id="E-child"] button').click();
  await operator.getByText("由区域通报代替").waitFor();
});
