import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { channelRules } from "./channel-rules.ts";
import { parseRules } from "./parse-rules.ts";

const text = readFileSync(new URL("../../../../seeds/shaoxing/rules.json", import.meta.url), "utf8");
/** The seeds' rules with one entry replaced, by its path. */
function withEntry(path: string, value: unknown): unknown {
  const json = JSON.parse(text);
  const names = path.split(".");
  const last = names.pop() ?? "";
  const table = names.reduce((at, name) => at[name], json);
  if (value === undefined) delete table[last];
  else table[last] = value;
  return json;
}

test("the seeds' rules parse, and every number has a unit and a reason", () => {
  const rules = parseRules(JSON.parse(text));
  expect(rules.decision.hotZ).toBe(3);
  expect(rules.properties.co?.delta).toEqual({ value: 0.6, unit: "mg/m³" });
});

test.each<[string, string, unknown, RegExp]>([
  ["a bare number", "decision.hotZ", 3, /decision\.hotZ: .*object/],
  ["a number without a reason", "decision.hotZ", { value: 3, unit: "sigma" }, /decision\.hotZ\.reason/],
  ["another unit", "time.latenessSeconds", { value: 2, unit: "min", reason: "two minutes" }, /latenessSeconds\.unit/],
  [
    "a wrong unit of CO",
    "properties.co.delta",
    { value: 600, unit: "µg/m³", reason: "as PM" },
    /co\.delta\.unit: expected "mg\/m³"/,
  ],
  ["a missing entry", "regional.noticeShare", undefined, /regional\.noticeShare/],
  ["an unknown entry", "decision.hotY", { value: 3, unit: "sigma", reason: "typo" }, /hotY/],
  [
    "a value out of bounds",
    "background.neighbours",
    { value: 80, unit: "stations", reason: "more" },
    /background\.neighbours\.value/,
  ],
  ["an unknown property", "properties.pm1", {}, /properties/],
])("%s is refused with its path and the remedy", (_rule, path, value, message) => {
  expect(() => parseRules(withEntry(path, value))).toThrow(message);
  expect(() => parseRules(withEntry(path, value))).toThrow(/seeds\/shaoxing\/rules\.json is a complete example/);
});

const rules = parseRules(
  withEntry("overrides", [
    { reason: "sites", when: { kinds: ["dust-site"] }, set: { delta: { value: 50, unit: "µg/m³", reason: "dusty" } } },
    {
      reason: "winter in one county",
      when: { properties: ["pm10"], divisions: ["330602"], months: [12, 1] },
      set: { delta: { value: 40, unit: "µg/m³", reason: "heating" } },
    },
  ]),
);
test.each<[string, "dust-site" | "micro", string, number, number]>([
  ["the table holds where nothing overrides it", "micro", "330602001001", 6, 30],
  ["a kind of station", "dust-site", "330603001001", 6, 50],
  ["a season in a division, for what stands below it", "micro", "330602001001", 12, 40],
  ["the later override wins", "dust-site", "330602001001", 1, 40],
  ["another division is not meant", "micro", "330603001001", 12, 30],
])("override: %s", (_rule, kind, division, month, delta) => {
  const table = rules.properties.pm10;
  if (!table) throw new Error("the seeds have PM10");
  expect(channelRules(rules, table, "pm10", { kind, division }, month).delta).toBe(delta);
});
