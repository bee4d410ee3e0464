import { RoutingTree } from "@hotgrid/contracts";
import { afterEach, describe, expect, test } from "vitest";
import { HOUR, MINUTE, OFFICER, START, VILLAGE, World, type WorldOptions } from "./testing.ts";

let world: World;
afterEach(() => world.close());
const open = async (options: WorldOptions = {}) => {
  world = await World.open(options);
};

describe("who gets it", () => {
  test.each<[string, WorldOptions["vacant"], string, string]>([
    ["the village's officer", [], OFFICER, "assignment-village"],
    ["the town's where the village has nobody", [VILLAGE], "O-330602001", "fallback-town"],
    ["the county's where the town has nobody either", [VILLAGE, "330602001"], "O-330602", "fallback-county"],
    ["the city's at last", [VILLAGE, "330602001", "330602"], "O-330600", "fallback-city"],
  ])("%s, and the reason is on the ticket", async (_rule, vacant, officerId, routingReason) => {
    await open({ vacant: vacant ?? [] });
    await world.episode("E1", 1);
    expect((await world.events(1))[0]?.ticket).toMatchObject({ officerId, routingReason, division: VILLAGE });
  });

  test("a device goes to the maintenance vendor, and up from there to the county", async () => {
    await open({ vendor: true });
    await world.episode("D1", 1, { kind: "device-fault" });
    expect((await world.events(1))[0]?.ticket).toMatchObject({
      officerId: "vendor",
      routingReason: "devices:maintenance-vendor",
    });
    world.clock.advanceTo(START + 30 * MINUTE);
    expect((await world.events(2))[1]?.ticket).toMatchObject({ officerId: "O-330602", escalationLevel: 1 });
  });

  test("without a vendor a device goes to the level that the routing names", async () => {
    await open();
    await world.episode("D1", 1, { kind: "device-fault" });
    expect((await world.events(1))[0]?.ticket.routingReason).toBe("devices:no-vendor-assignment-county");
  });

  describe("with rosters", () => {
    const shift = (officer_id: string, division: string, start: string, end: string) => ({
      ...{ officer_id, division, start, end, days: "workday restday", covers: "own" as const, term_from: 0 },
      term_to: null,
    });
    const away = (officer_id: string, substitute_id: string | null) => ({
      ...{ officer_id, substitute_id, leave_from: 0, leave_to: START + HOUR },
    });

    test("whoever has the shift, by the city's hours", async () => {
      await open();
      await world.database
        .insertInto("duty_shifts")
        .values(shift("O-330603", VILLAGE, "09:00", "10:30"))
        .execute();
      await world.episode("E1", 1);
      const expected = { officerId: "O-330603", officerDivision: VILLAGE, routingReason: "shift-village" };
      expect((await world.events(1))[0]?.ticket).toMatchObject(expected);
    });

    test("a substitute for whom is on leave", async () => {
      await open();
      await world.database.insertInto("leaves").values(away(OFFICER, "O-330602001002")).execute();
      await world.episode("E1", 1);
      const expected = { officerId: "O-330602001002", routingReason: "assignment-village-substitute" };
      expect((await world.events(1))[0]?.ticket).toMatchObject(expected);
    });

    test("nobody who went on leave meanwhile is raised to, nor one whose shift is over", async () => {
      await open();
      await world.episode("E1", 1);
      await world.events(1);
      await world.database.insertInto("leaves").values(away("O-330602001", null)).execute();
      await world.database
        .insertInto("duty_shifts")
        .values(shift("O-330603", "330602", "10:15", "10:45"))
        .execute();
      world.clock.advanceTo(START + 30 * MINUTE);
      expect((await world.events(2))[1]?.ticket).toMatchObject({ officerId: "O-330603", officerDivision: "330602" });
    });
  });

  test("the branch of the city's routing is on the ticket; what none takes goes where it says otherwise", async () => {
    const routes = [{ name: "dust", when: { properties: ["pm10"] }, to: { level: "town" } }];
    await open({ routing: RoutingTree.parse({ version: "1", routes, otherwise: { level: "village" } }) });
    await world.episode("E1", 1, { observedProperties: ["pm10"] });
    await world.episode("E2", 1, { division: "330603001001", observedProperties: ["pm25"] });
    expect((await world.events(2)).map(({ ticket }) => ticket.routingReason)).toEqual([
      "dust:assignment-town",
      "assignment-village",
    ]);
  });

  test("a routed vendor is raised from as one that the policy named", async () => {
    const routes = [{ name: "devices", when: { kinds: ["offline"] }, to: { role: "maintenance", otherwise: "town" } }];
    await open({ vendor: true, routing: RoutingTree.parse({ version: "1", routes, otherwise: { level: "village" } }) });
    await world.episode("D1", 1, { kind: "offline" });
    expect((await world.events(1))[0]?.ticket.routingReason).toBe("devices:maintenance-vendor");
    world.clock.advanceTo(START + 30 * MINUTE);
    expect((await world.events(2))[1]?.ticket).toMatchObject({ officerId: "O-330602001", escalationLevel: 1 });
  });

  test("a place that these boundaries don't know is looked up by its position", async () => {
    await open();
    await world.episode("E1", 1, { division: "330699001001", lon: 120.07, lat: 30 });
    expect((await world.events(1))[0]?.ticket.division).toBe("330603001001");
  });

  test("where nobody is on duty at all the episode waits until somebody is appointed", async () => {
    await open({ vacant: [VILLAGE, "330602001", "330602", "330600"] });
    await world.episode("E1", 1);
    await world.episode("E2", 1, { division: "330603001001" });
    await world.events(1);
    const term = { officer_id: OFFICER, division: VILLAGE, role: "primary", term_from: 0, term_to: null } as const;
    await world.database.insertInto("assignments").values(term).execute();
    expect((await world.events(2))[1]?.ticket.officerId).toBe(OFFICER);
  });

  test("of episodes that come together one that nobody is there for keeps no other back", async () => {
    await open({ vacant: [VILLAGE, "330602001", "330602", "330600"] });
    const elsewhere = { division: "330603001001" };
    await Promise.all([
      world.episode("E1", 1),
      world.episode("E2", 1, { ...elsewhere, kind: "device-fault", stationIds: ["S2"] }),
      world.episode("E3", 1, { ...elsewhere, kind: "device-fault", stationIds: ["S3"] }),
    ]);
    const opened = (await world.events(2)).map(({ ticket }) => ticket.episodeId);
    expect(opened.toSorted()).toEqual(["E2", "E3"]);
  });
});
