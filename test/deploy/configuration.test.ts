import { expect, test } from "vitest";
import { readBridge } from "../../services/hotgrid/src/bridge-settings.ts";
import { readConfig, START_HELP } from "../../services/hotgrid/src/config.ts";
import { readServiceConfig, SERVICE_HELP } from "../../services/hotgrid/src/service-config.ts";
import { readStoreSettings } from "../../services/hotgrid/src/store-settings.ts";
import { textOf, variablesInCode } from "./code-facts.ts";

const REFERENCE = "docs/configuration.md";
const text = textOf(REFERENCE);
/** Cells of each row of its tables. */
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (flag|variable) /.test(line))
  .map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
const nameIn = (cell: string | undefined) => /^`((?:HOTGRID|OTEL)_[A-Z_]+)/.exec(cell ?? "")?.[1];
const variables = rows.flatMap((cells) => nameIn(cells[0]) ?? nameIn(cells[1]) ?? []);
const flags = rows.flatMap((cells) => /^`(--[a-z-]+)/.exec(cells[0] ?? "")?.[1] ?? []);

/** What the reference says is the default of a variable, without the quotes. */
function defaultOf(variable: string): string | undefined {
  const row = rows.find((cells) => cells.slice(0, 2).some((cell) => nameIn(cell) === variable));
  const cell = row?.[nameIn(row[0]) === variable ? 1 : 2];
  return cell?.replaceAll("`", "");
}

test("every variable that the code reads is in the reference, and no other, each once", () => {
  expect(variables.toSorted()).toEqual([...variablesInCode()].toSorted());
});

test("every flag of npm start is in the reference, and no other", () => {
  const options = textOf("services/hotgrid/src/config.ts").matchAll(
    /^ {6}"?([a-z-]+)"?: \{ type: "(?:string|boolean)" \}/gm,
  );
  const inCode = [...options].map(([, name]) => `--${name}`);
  expect(inCode.length).toBeGreaterThan(10);
  expect(flags.toSorted()).toEqual(inCode.toSorted());
  for (const flag of flags) expect(START_HELP).toContain(flag);
});

test("each flag stands beside the variable that does the same", () => {
  for (const [, flag, variable] of START_HELP.matchAll(/^ {2}(--[a-z-]+).*\((HOTGRID_[A-Z_]+)(?:=\w+)?\)$/gm)) {
    const row = rows.find((cells) => cells[0]?.startsWith(`\`${flag}`));
    expect(nameIn(row?.[1]), flag).toBe(variable);
  }
});

test("--help of a service names every variable of a service", () => {
  const ofServices = variables.filter((name) => /^HOTGRID_(NATS|CITY|METRICS|POSTGRES|INFLUX|BRIDGE)_/.test(name));
  ofServices.push("OTEL_EXPORTER_OTLP_ENDPOINT");
  const forTests = ["HOTGRID_NATS_SERVER"];
  for (const name of ofServices) if (!forTests.includes(name)) expect(SERVICE_HELP).toContain(name);
});

test("the defaults are the code's", async () => {
  const start = readConfig([], {});
  const service = readServiceConfig([], { HOTGRID_NATS_SERVERS: "nats:4222" });
  if (start === "help" || service === "help") throw new Error("no help was asked for");
  const { influx } = readStoreSettings({ HOTGRID_INFLUX_URL: "http://influx:8086" });
  const bridge = await readBridge({ HOTGRID_BRIDGE_URL: "mqtt://broker:1883" }, "3306");
  const inCode: Readonly<Record<string, unknown>> = {
    HOTGRID_HTTP_PORT: start.httpPort,
    HOTGRID_MQTT_PORT: start.mqttPort,
    HOTGRID_HOST: start.host,
    HOTGRID_SPEED: start.speed,
    HOTGRID_WARM_HOURS: start.warmHours,
    HOTGRID_NATS_REPLICAS: service.log.replicas,
    HOTGRID_INFLUX_DATABASE: influx?.database,
    HOTGRID_INFLUX_VERSION: influx?.writeVersion,
    HOTGRID_BRIDGE_CONNECTIONS: bridge?.connections,
    HOTGRID_BRIDGE_GROUP: bridge?.group,
  };
  for (const [variable, value] of Object.entries(inCode)) expect(defaultOf(variable), variable).toBe(String(value));
  for (const [variable, path] of [
    ["HOTGRID_SEEDS", start.seeds],
    ["HOTGRID_SCENARIO", start.scenario],
  ] as const) {
    expect(path.endsWith(`/${defaultOf(variable)}`), variable).toBe(true);
  }
});
