import { RoutingTree } from "@hotgrid/contracts";
import { expect, test } from "vitest";
import { createDutyCalendar } from "./duty-calendar.ts";
import { chooseRoute, type Routed } from "./duty-routing.ts";

const tree = RoutingTree.parse({
  version: "test",
  routes: [
    { name: "devices", when: { kinds: ["device-fault", "offline"] }, to: { role: "maintenance", otherwise: "county" } },
    {
      name: "night",
      when: { between: { start: "22:00", end: "06:00" }, divisions: ["330602"] },
      routes: [{ name: "red", when: { severities: ["red"] }, to: { level: "county" } }],
    },
    {
      name: "dust",
      when: { properties: ["pm10", "tsp"] },
      to: { level: "town" },
      routes: [{ name: "rest-days", when: { days: ["restday"] }, to: { level: "county" } }],
    },
    { name: "villages", when: { kinds: ["local"], divisions: ["330602001", "330603"] }, to: { level: "village" } },
  ],
  otherwise: { level: "city" },
});
const calendar = createDutyCalendar(
  [{ division: "330600", date: "2026-10-01", kind: "holiday", name: "国庆节" }],
  "+08:00",
);
const ticket: Routed = {
  ...{ kind: "local", observedProperties: ["pm25"], severity: "orange", division: "330602001001" },
  at: Date.parse("2026-11-23T12:00:00+08:00"),
};
const on = (time: string): Partial<Routed> => ({ at: Date.parse(`${time}:00+08:00`) });

test.each<[string, Partial<Routed>, string]>([
  ["the kind decides", { kind: "offline" }, "devices"],
  [
    "the first branch wins over later ones that hold as well",
    { kind: "offline", observedProperties: ["pm10"] },
    "devices",
  ],
  ["one of several properties is enough", { observedProperties: ["pm25", "pm10"] }, "dust"],
  [
    "within a branch its own first branch decides",
    { observedProperties: ["tsp"], ...on("2026-11-22T12:00") },
    "dust/rest-days",
  ],
  ["a public holiday is a day of rest", { observedProperties: ["tsp"], ...on("2026-10-01T12:00") }, "dust/rest-days"],
  ["hours may pass midnight", { severity: "red", ...on("2026-11-23T05:59") }, "night/red"],
  ["and end before their end", { severity: "red", ...on("2026-11-23T06:00") }, "villages"],
  ["a branch without a `to`, none of whose branches holds, is left", on("2026-11-23T23:00"), "villages"],
  ["a division holds those below it", { division: "330603002001" }, "villages"],
])("%s", (_rule, changes, route) => {
  expect(chooseRoute(tree, { ...ticket, ...changes }, calendar).route).toBe(route);
});

test("what no branch takes goes where the tree says otherwise", () => {
  const nowhere = chooseRoute(tree, { ...ticket, division: "330604001001" }, calendar);
  expect(nowhere).toEqual({ to: { level: "city" }, route: null });
});

test.each<[string, unknown]>([
  ["a branch that leads nowhere", { name: "x" }],
  ["an unknown kind", { name: "x", when: { kinds: ["smell"] }, to: { level: "town" } }],
  ["an hour that is none", { name: "x", when: { between: { start: "24:00", end: "06:00" } }, to: { level: "town" } }],
  ["a misspelt condition, which would hold for all", { name: "x", when: { kind: ["local"] }, to: { level: "town" } }],
])("%s is refused", (_rule, route) => {
  expect(RoutingTree.safeParse({ version: "1", routes: [route], otherwise: { level: "city" } }).success).toBe(false);
});
