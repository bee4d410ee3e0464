import { afterEach, beforeEach, expect, test } from "vitest";
import { ticketStep, World } from "./testing.ts";
import { TestEndpoint } from "./testing-server.ts";

let endpoint: TestEndpoint;
let world: World;
beforeEach(async () => {
  endpoint = await TestEndpoint.open();
  const hook = { id: "hook", type: "webhook", url: `${endpoint.url}/in`, allowHttp: true, division: "330602" };
  world = await World.open({
    receivers: [{ ...hook, audiences: ["everything"] }],
    rules: {
      audiences: {
        everything: {
          person: "nobody",
          steps: ["opened", "recovered"],
          severities: ["red", "orange", "yellow"],
          kinds: ["local"],
        },
      },
    },
  });
});
afterEach(async () => {
  await world.close();
  await endpoint.close();
});

test("a ticket that was opened and whose air recovered during a standstill is told as it is now, and nothing is dropped", async () => {
  const red = { severity: "red" } as const;
  await world.tell([ticketStep("T1", 1, { ticket: red }), ticketStep("T1", 2, { action: "recovered", ticket: red })]);
  await expect.poll(() => world.items()).toEqual(["opened bundled told", "recovered bundled told"]);
  await expect.poll(() => endpoint.received.length).toBe(1);
  expect(JSON.parse(endpoint.received[0]?.body ?? "").data.news).toMatchObject([{ id: "T1#2", step: "recovered" }]);
});
