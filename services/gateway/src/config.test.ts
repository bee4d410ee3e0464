import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

test("a folder is enough, the rest has defaults", () => {
  expect(readConfig({ HOTGRID_DATA_DIR: "/d" })).toEqual({
    logFile: "/d/log.sqlite",
    databaseFile: "/d/hotgrid.sqlite",
    host: "0.0.0.0",
    port: 1883,
    metricsPort: undefined,
    logLevel: "info",
  });
});

test("what is wrong is named", () => {
  expect(() => readConfig({ HOTGRID_MQTT_PORT: "70000" })).toThrow(/HOTGRID_DATA_DIR.*\n.*HOTGRID_MQTT_PORT/);
});
