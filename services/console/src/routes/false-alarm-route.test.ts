import { FalseAlarmsView } from "@hotgrid/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";
import { putTicket } from "../testing-records.ts";

const DAY_MS = 86_400_000;
const VILLAGE = "330602001017";

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  await closed("T-right", VILLAGE, 1);
  await declared("T-fog", VILLAGE, 2);
  await declared("T-old", VILLAGE, 91);
  await declared("T-elsewhere", "330603001048", 3);
  await putTicket(city.database, { id: "T-open", division: VILLAGE });
});
afterAll(() => city.close());

const closed = (id: string, division: string, daysAgo: number) =>
  putTicket(city.database, { id, division, state: "closed", closedAt: TEST_NOW - daysAgo * DAY_MS });

/** As the dispatcher keeps it. */
async function declared(id: string, division: string, daysAgo: number): Promise<void> {
  const ticket = await closed(id, division, daysAgo);
  const row = { episode_id: ticket.episodeId, ticket_id: id, rule_version: "v7", kind: ticket.kind };
  await city.database
    .insertInto("false_alarms")
    .values({ ...row, reason: "weather", by: "supervisor", at: TEST_NOW - daysAgo * DAY_MS })
    .execute();
}

const ask = async (username: string) => (await city.loggedIn(username)).read("/false-alarms", FalseAlarmsView);

test("false alarms of a quarter count against the version of the rules, beside all that was closed; a county sees its own", async () => {
  expect(await ask("supervisor-330602")).toMatchObject({
    ...{ division: "330602", from: "2026-08-24T08:00:00+08:00", to: "2026-11-22T08:00:00+08:00" },
    kinds: [{ kind: "local", closed: 2, falseAlarms: 1 }],
    rules: [{ ruleVersion: "v7", kind: "local", reason: "weather", count: 1 }],
  });
  expect(await ask("operator")).toMatchObject({
    kinds: [{ kind: "local", closed: 3, falseAlarms: 2 }],
    rules: [{ count: 2 }],
  });
  expect(await ask("supervisor-330604")).toMatchObject({ kinds: [], rules: [] });
});
