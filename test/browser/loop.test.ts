import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TicketView } from "@hotgrid/contracts";
import type { Seeds } from "@hotgrid/store";
import type { Browser, Page } from "playwright-core";
import { afterAll, expect } from "vitest";
import { ApiClient } from "../harness/api-client.ts";
import { type Embedded, ROOT, startEmbedded, temporaryFolder } from "../harness/embedded.ts";
import { smallCity } from "../harness/small-city.ts";
import { DESK_SCREEN, launchChromium, logIn, openPage, PASSWORD, PHONE_SCREEN, screenshot } from "./chromium.ts";
import { BOUND_MS, beforeChromium, withChromium } from "./with-chromium.ts";

/** The demo's clock. While somebody types it stands still: however long that takes, the wind stays where it is and no
 *  limit passes. */
const PAUSED = 0;
/** While we wait for the ticket: twenty seconds before an answer to it is late, however seldom we look. */
const BRISK = 60;
/** While we wait for the air. */
const FAST = 150;
/** Upwind of the station by so many degrees, some 400 m: the default scenario's evening wind blows from 110°. */
const UPWIND = { lon: 0.0039, lat: -0.0012 };

let system: Embedded;
let browser: Browser;

/** Neighbours enough to tell what is local, and a simulator that leaves room for the browser. */
const STATIONS = 40;
const CENTRE = { lon: 120.58, lat: 30.0 };
let stations: Seeds["stations"];
const folder = temporaryFolder();

beforeChromium(async () => {
  const { dir, seeds } = await smallCity(folder.path, STATIONS, CENTRE);
  stations = seeds.stations;
  const words = ["--seeds", dir, "--scenario", quietEvening(), "--speed", String(PAUSED)];
  [system, browser] = await Promise.all([startEmbedded({ words }), launchChromium()]);
});

/** The demo's weather with these stations, and no fire but the test's. */
function quietEvening(): string {
  const demo = JSON.parse(readFileSync(join(ROOT, "simulators", "scenarios", "default.json"), "utf8"));
  const file = join(folder.path, "quiet-evening.json");
  writeFileSync(file, JSON.stringify({ ...demo, stations: "seeds", sources: [], faults: [], interference: [] }));
  return file;
}

afterAll(async () => {
  await browser?.close();
  await system?.stop();
  folder.remove();
});

/** Nothing but the page's own events may bring a change: reloading would set this aside. */
const markUnreloaded = (page: Page) => page.evaluate(() => Object.assign(globalThis, { unreloaded: true }));
const isUnreloaded = (page: Page) => page.evaluate(() => "unreloaded" in globalThis);

withChromium(
  "a fire lit on the map becomes a ticket that an officer closes on a phone, seen live by the operator (needs Debian's chromium)",
  async () => {
    const operator = await openPage(browser, `http://127.0.0.1:${system.http}/`, DESK_SCREEN);
    await logIn(operator, "operator");
    await operator.locator('[data-testid="map"][data-ready="true"]').waitFor();
    await markUnreloaded(operator);
    const api = new ApiClient(system.http);
    await api.login("operator", PASSWORD);

    const station = await lightFire(operator);
    await screenshot(operator, "operator-fire-lit");
    await setSpeed(operator, BRISK);
    const ticket = await ticketAbout(api, station);
    await setSpeed(operator, PAUSED);
    await operator.locator(`[data-testid="stream-item"][data-ticket-id="${ticket.id}"]`).first().waitFor();
    await screenshot(operator, "operator-episode");

    await operator.getByTestId("tab-tickets").click();
    const card = operator.locator(cardOf(ticket));
    await card.waitFor();
    await screenshot(operator, "operator-board");

    const officer = await openPage(browser, `http://127.0.0.1:${system.http}/officer`, PHONE_SCREEN);
    await logIn(officer, ticket.officerId);
    await markUnreloaded(officer);
    const mine = officer.locator(cardOf(ticket));
    await mine.waitFor();
    await screenshot(officer, "officer-tickets");
    await mine.click();
    await officer.getByTestId("ticket").waitFor();
    await screenshot(officer, "officer-ticket");

    const inColumn = (state: string) => operator.getByTestId(`column-${state}`).locator(cardOf(ticket));
    await press(officer, "respond");
    await inColumn("responded").waitFor();
    await press(officer, "handle");
    await inColumn("handling").waitFor();
    await press(officer, "feedback");
    const feedback = officer.getByTestId("feedback-form");
    await feedback.getByText("焚烧").first().click();
    await feedback.locator("textarea").fill("田间秸秆焚烧，已浇灭并劝导。");
    await screenshot(officer, "officer-feedback");
    await officer.getByTestId("feedback-submit").click();
    await inColumn("feedback").waitFor();
    await officer.getByTestId("waiting").waitFor();
    await screenshot(officer, "officer-waiting");

    await setSpeed(operator, FAST);
    await inColumn("closed").waitFor({ timeout: BOUND_MS });
    await officer.locator('[data-testid="waiting"][data-waits-for="nothing"]').waitFor();
    await screenshot(operator, "operator-closed");
    await screenshot(officer, "officer-closed");
    const closed = await find(api, (t) => t.id === ticket.id);
    expect(closed).toMatchObject({ state: "closed", recovery: "handled-and-recovered" });
    expect(await isUnreloaded(operator)).toBe(true);
    expect(await isUnreloaded(officer)).toBe(true);
  },
  2 * BOUND_MS,
);

const cardOf = (ticket: TicketView) => `[data-testid="ticket-card"][data-ticket-id="${ticket.id}"]`;

async function setSpeed(page: Page, speed: number): Promise<void> {
  const status = await page.evaluate(async (wanted) => {
    const response = await fetch("/api/v1/demo/clock", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ speed: wanted }),
    });
    return response.status;
  }, speed);
  expect(status).toBe(200);
}

/** Presses 模拟一次焚烧 and lights a fire upwind of a station among others. Returns the station's id. */
async function lightFire(page: Page): Promise<string> {
  const station = stations.find(({ id, kind }) => id.startsWith("HG-330602") && kind === "micro");
  if (!station) throw new Error("越城 has no micro station near its centre");
  await page.getByTestId("fire-button").click();
  await page.getByTestId("fire-centre").click();
  const form = page.getByTestId("fire-form");
  const [lon, lat] = [form.locator("input").nth(0), form.locator("input").nth(1)];
  await lon.fill((station.lon + UPWIND.lon).toFixed(5));
  await lat.fill((station.lat + UPWIND.lat).toFixed(5));
  await page.getByTestId("fire-confirm").click();
  await form.waitFor({ state: "detached" });
  return station.id;
}

async function find(api: ApiClient, wanted: (ticket: TicketView) => boolean): Promise<TicketView | undefined> {
  const { items } = (await api.get("/tickets?limit=100")) as { items: TicketView[] };
  return items.find(wanted);
}

async function ticketAbout(api: ApiClient, stationId: string): Promise<TicketView> {
  let found: TicketView | undefined;
  await expect
    .poll(async () => (found = await find(api, (t) => t.kind === "local" && t.stationIds.includes(stationId))), {
      timeout: BOUND_MS,
      interval: 1000,
    })
    .toBeDefined();
  if (!found) throw new Error("no ticket");
  return found;
}

async function press(page: Page, action: string): Promise<void> {
  await page.locator(`[data-testid="next-step"][data-action="${action}"]`).click();
}
