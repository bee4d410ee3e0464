import { expect, test } from "vitest";
import { readStoreSettings } from "./store-settings.ts";

test("without a word the stores are the data directory's files", () => {
  expect(readStoreSettings({})).toEqual({ postgres: null, influx: null });
});

test("both may be told, with their secrets in files", () => {
  const told = readStoreSettings({
    HOTGRID_POSTGRES_URL: "postgresql://hotgrid@db:5432/hotgrid",
    HOTGRID_POSTGRES_PASSWORD_FILE: "/run/secrets/postgres",
    HOTGRID_INFLUX_URL: "http://influx:8086",
    HOTGRID_INFLUX_VERSION: "2",
    HOTGRID_INFLUX_ORG: "city",
    HOTGRID_INFLUX_SECRET_FILE: "/run/secrets/influx",
  });
  expect(told).toEqual({
    postgres: { url: "postgresql://hotgrid@db:5432/hotgrid", passwordFile: "/run/secrets/postgres" },
    influx: {
      ...{ url: "http://influx:8086", database: "hotgrid", writeVersion: 2, org: "city" },
      secretFile: "/run/secrets/influx",
    },
  });
});

test.each([
  [{ HOTGRID_POSTGRES_URL: "db:5432" }, "HOTGRID_POSTGRES_URL: write postgresql://"],
  [{ HOTGRID_INFLUX_URL: "influx" }, "HOTGRID_INFLUX_URL: write http://"],
  [{ HOTGRID_INFLUX_DATABASE: 'a"b' }, "HOTGRID_INFLUX_DATABASE: letters"],
  [{ HOTGRID_INFLUX_VERSION: "3" }, "HOTGRID_INFLUX_VERSION: 1 writes to /write"],
])("%o is refused by its name", (env, message) => {
  expect(() => readStoreSettings(env)).toThrow(message);
});
