import { afterEach, beforeEach, expect, test } from "vitest";
import { HOUR, MINUTE, START, ticketStep, World } from "./testing.ts";
import { TestEndpoint } from "./testing-server.ts";

const [OFFICER, ABOVE] = ["13800000001", "13800000002"];
const red = { ticket: { severity: "red" } } as const;
let endpoint: TestEndpoint;
let world: World;
beforeEach(async () => {
  endpoint = await TestEndpoint.open();
  const url = { url: `${endpoint.url}/sms`, allowHttp: true, division: "330602" };
  const sms = {
    id: "sms",
    type: "sms",
    textLimitBytes: 2000,
    ...url,
    audiences: ["officers"],
    body: '{"to":"{{phone}}","text":"{{text}}"}',
  };
  const pageBudget = { pages: 3, perMinutes: 60, digestMinutes: 10 };
  world = await World.open({
    receivers: [{ ...sms, headers: { "content-type": "application/json" } }],
    rules: { pageBudget, groupBy: "ticket", repeat: { minutes: { red: 60, orange: 60, yellow: 60 }, atMost: 0 } },
  });
});
afterEach(async () => {
  await world.close();
  await endpoint.close();
});

const told = () => endpoint.received.map(({ body }): { to: string; text: string } => JSON.parse(body));
const countTo = (phone: string) => told().filter(({ to }) => to === phone).length;
const at = async (ms: number) => {
  world.clock.advanceTo(START + ms);
  await world.settled();
};

/** Red tickets, five minutes after each other. */
async function storm(tickets = 6): Promise<void> {
  for (let n = 0; n < tickets; n++) {
    await at(n * 5 * MINUTE);
    await world.tell([ticketStep(`T${n}`, 1, red, START + n * 5 * MINUTE)]);
    await world.settled();
  }
}

test("an officer gets so many pages an hour; what is above comes to the level above, in one digest that says whose", async () => {
  await storm();
  expect(countTo(OFFICER)).toBe(3);
  await at(35 * MINUTE);
  expect(countTo(OFFICER)).toBe(3);
  const digests = told().filter(({ to }) => to === ABOVE);
  expect(digests.length).toBeLessThanOrEqual(2);
  expect(digests[0]?.text).toContain("张三 本时段的通知已达上限");
  for (const ticket of ["T3", "T4", "T5"]) expect(digests.some(({ text }) => text.includes(ticket))).toBe(true);
  expect((await world.items()).filter((item) => item.includes("page-budget"))).toHaveLength(3);
});

test("what a supervisor presses comes through all the same", async () => {
  await storm();
  await world.tell([ticketStep("T0", 2, { action: "supervise", ...red }, START + 26 * MINUTE)]);
  await expect.poll(() => countTo(OFFICER)).toBe(4);
});

test("what is over before the digest is not in it, and nothing is nothing", async () => {
  await storm(5);
  await world.tell(
    ["T3", "T4"].map((id) =>
      ticketStep(id, 2, { action: "close", ticket: { severity: "red", state: "closed", closedAt: START } }),
    ),
  );
  await at(HOUR);
  expect(countTo(ABOVE)).toBe(0);
});

test("with the hour the budget is whole again", async () => {
  await storm();
  await at(2 * HOUR);
  await world.tell([ticketStep("T9", 1, red, START + 2 * HOUR)]);
  await expect.poll(() => countTo(OFFICER)).toBe(4);
});
