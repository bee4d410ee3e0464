import type { Browser, Page, Route } from "playwright-core";
import { afterAll, expect } from "vitest";
import { DESK_SCREEN, launchChromium, logIn, openPage, PHONE_SCREEN, screenshot } from "./chromium.ts";
import { type Desk, startDesk } from "./desk.ts";
import { beforeChromium, withChromium } from "./with-chromium.ts";

const VILLAGE = "330602012203";
const PLACE = { division: VILLAGE, lon: 120.62904, lat: 30.04322, stationIds: ["HG-330602-042"] };

let desk: Desk;
let browser: Browser;
beforeChromium(async () => {
  [desk, browser] = await Promise.all([startDesk(), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await desk?.close();
});

withChromium(
  "not my area: three taps return the ticket, and the boundary goes to the supervisor, who accepts it",
  async () => {
    const ticketId = await desk.episode("E-boundary", { ...PLACE, severity: "red" });
    const officer = await openPage(browser, `${desk.url}/officer#/tickets/${ticketId}`, PHONE_SCREEN);
    await logIn(officer, `O-${VILLAGE}`);
    await officer.getByTestId("help-show").click();
    await officer.getByTestId("help-lines").locator('a[href="tel:15400000015"]').waitFor();
    await officer.getByTestId("more-actions").click();
    await officer.locator("[role=dialog]:focus").waitFor();
    await officer.getByTestId("action-not-mine").click();
    const village = officer.getByTestId("belongs-to").locator(".adm-selector-item").first();
    const neighbour = (await village.textContent()) ?? "";
    await village.click();
    await screenshot(officer, "officer-not-mine");
    await officer.getByTestId("reason-submit").click();
    await officer.getByTestId("holder").waitFor();

    const supervisor = await openPage(browser, `${desk.url}/#/boundaries`, DESK_SCREEN);
    await logIn(supervisor, "supervisor-330602");
    const proposal = supervisor.getByTestId("proposal");
    await proposal.getByText(neighbour).waitFor();
    await screenshot(supervisor, "supervisor-boundaries");
    await proposal.getByTestId("proposal-accept").click();
    await supervisor.getByTestId("settle-form").locator("textarea").fill("已核实，以河为界");
    await supervisor.getByTestId("settle-submit").click();
    await proposal.waitFor({ state: "detached" });
    await supervisor.locator("main .choice label").nth(1).click();
    await supervisor.getByTestId("proposal-outcome").getByText("已核实，以河为界").waitFor();
  },
);

withChromium(
  "a feedback with a photo from the phone: the supervisor sees the photo, the cause and who said what",
  async () => {
    const ticketId = await desk.episode("E-photo", {
      ...PLACE,
      division: "330602001017",
      stationIds: ["HG-330602-001"],
    });
    const officer = await openPage(browser, `${desk.url}/officer#/tickets/${ticketId}`, PHONE_SCREEN);
    await logIn(officer, "O-330602001017");
    const step = (name: string) => officer.locator(`[data-testid="next-step"][data-action="${name}"]`);
    await step("respond").click();
    await step("handle").click();
    await step("feedback").waitFor();
    const photos = await heldBack(officer, "**/api/v1/tickets/*/evidence");
    await step("feedback").click();
    await photos.answered;
    const form = officer.getByTestId("feedback-form");
    // A picture that the browser itself makes.
    const picture = await officer.screenshot({ type: "jpeg" });
    await form.getByTestId("photo-input").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: picture });
    await form.locator(".photos img").waitFor();
    // The list is of before: the photo stays all the same.
    await photos.letGo();
    await form.getByText("施工扬尘").click();
    await form.locator("textarea").fill("工地裸土未覆盖，已责令整改。");
    expect(await form.locator(".photos img").count()).toBe(1);
    await officer.getByTestId("feedback-submit").click();
    await officer.locator('[data-testid="waiting"][data-waits-for="recovery"]').waitFor();

    const supervisor = await openPage(browser, `${desk.url}/#/tickets?ticket=${ticketId}`, DESK_SCREEN);
    await logIn(supervisor, "supervisor-330602");
    const drawer = supervisor.locator("article[data-testid=ticket]");
    await drawer.locator(".photos img").waitFor();
    await drawer.getByText("施工扬尘").waitFor();
    const said = drawer.locator('[data-testid="history-entry"][data-action="feedback"]');
    expect(await said.textContent()).toContain("工地裸土未覆盖，已责令整改。");
    expect(await said.textContent()).toContain("O-330602001017");
  },
);

withChromium(
  "a ticket that comes while another is being read is shown above it, and counted in the title",
  async () => {
    // The vendor holds the tickets of all devices.
    const first = await desk.episode("E-first", { ...PLACE, kind: "device-fault" });
    const officer = await openPage(browser, `${desk.url}/officer#/tickets/${first}`, PHONE_SCREEN);
    const list = await heldBack(officer, "**/api/v1/tickets?officer=*");
    await logIn(officer, "M-330600");
    await officer.getByTestId("next-step").waitFor();
    await officer.locator('[data-testid="connection"][data-state="live"]').waitFor({ state: "attached" });
    await list.answered;
    const elsewhere = { division: "330602001017", stationIds: ["HG-330602-001"] };
    const second = await desk.episode("E-second", { ...elsewhere, kind: "device-fault" });
    await officer.getByTestId("arrival").waitFor();
    // The list is of before: what has come since stays all the same.
    await list.letGo();
    await expect.poll(() => officer.title()).toMatch(/^\(2\) /);
    await officer.getByTestId("arrival").click();
    await expect.poll(() => officer.url()).toContain(`${second}`);
  },
);

interface HeldBack {
  /** The first of them is on its way. */
  readonly answered: Promise<void>;
  readonly letGo: () => Promise<void>;
}

/** Keeps the server's answers to GET from the page until they are let go, as a slow network does. */
async function heldBack(page: Page, path: string): Promise<HeldBack> {
  const [answered, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held: Promise<void>[] = [];
  const hold = async (route: Route) => {
    const response = await route.fetch();
    answered.resolve();
    await open.promise;
    await route.fulfill({ response });
  };
  await page.route(path, async (route) => {
    if (route.request().method() !== "GET") return route.continue();
    const holding = hold(route);
    held.push(holding);
    await holding;
  });
  return {
    answered: answered.promise,
    letGo: async () => {
      open.resolve();
      await Promise.all(held);
      await page.unroute(path);
    },
  };
}
