import { DutyView } from "@hotgrid/contracts";
import { importRosters, SYSTEM } from "@hotgrid/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, TEST_NOW, type TestConsole } from "../testing.ts";

const HOUR_MS = 3_600_000;
const TOWN = "330602001";
const VILLAGE = `${TOWN}017`;
const OFFICER = `O-${VILLAGE}`;

let city: TestConsole;
beforeAll(async () => {
  city = await startTestConsole();
  const [from, to] = [TEST_NOW + HOUR_MS, TEST_NOW + 3 * HOUR_MS];
  const leave = { officerId: OFFICER, from, to, substituteId: `O-${TOWN}` };
  const rosters = { shifts: [], leaves: [leave], calendar: [] };
  await importRosters(city.database, rosters, { now: TEST_NOW, utcOffset: "+08:00", backdate: false, actor: SYSTEM });
});
afterAll(() => city.close());

const ask = async (username: string, query: string) => (await city.loggedIn(username)).read(`/duty${query}`, DutyView);

test("who is on duty now, level by level, with phone and reason", async () => {
  const duty = await ask("operator", `?division=${VILLAGE}`);
  expect(duty.levels.map(({ level }) => level)).toEqual(["city", "county", "town", "village"]);
  expect(duty.levels.at(-1)).toMatchObject({
    ...{ division: VILLAGE, name: "东双桥社区", reason: "assignment-village", standsInFor: null },
    officer: { id: OFFICER, name: "马勇", phone: "15400000067" },
  });
  expect(duty.vendor?.id).toBe("M-330600");
  expect(duty.at).toBe("2026-11-22T08:00:00+08:00");
});

test("at a moment of leave the substitute, and the leave with its ends", async () => {
  const duty = await ask("operator", `?division=${VILLAGE}&at=2026-11-22T10:00:00%2B08:00`);
  const village = duty.levels.at(-1);
  expect([village?.officer?.id, village?.standsInFor?.id]).toEqual([`O-${TOWN}`, OFFICER]);
  expect(duty.leaves).toMatchObject([
    {
      ...{ officer: { id: OFFICER }, substitute: { id: `O-${TOWN}` } },
      ...{ from: "2026-11-22T09:00:00+08:00", to: "2026-11-22T11:00:00+08:00" },
    },
  ]);
});

test("the week that follows comes as stretches without a gap", async () => {
  const { spans, at } = await ask(OFFICER, `?division=${VILLAGE}`);
  expect(spans[0]?.from).toBe(at);
  expect(spans.slice(1).map(({ from }) => from)).toEqual(spans.slice(0, -1).map(({ to }) => to));
  expect(spans.at(-1)?.to).toBe("2026-11-29T08:00:00+08:00");
  expect(spans.map(({ officer }) => officer?.id)).toContain(`O-${TOWN}`);
});

test.each([
  ["of a county to the neighbour's supervisor", "supervisor-330603", VILLAGE],
  ["of the town to a village's officer", OFFICER, TOWN],
  ["of a division that there is not", "operator", "330699"],
])("the duty %s does not exist", async (_what, username, division) => {
  const browser = await city.loggedIn(username);
  expect((await browser.refusal("GET", `/duty?division=${division}`)).status).toBe(404);
});

test.each(["", "?division=x", `?division=${VILLAGE}&at=soon`, `?division=${VILLAGE}&at=2100-01-01T00:00:00Z`])(
  "/duty%s is refused",
  async (query) => {
    expect((await (await city.loggedIn("operator")).refusal("GET", `/duty${query}`)).status).toBe(422);
  },
);
