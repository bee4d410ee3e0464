import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

test("a flag wins over the environment, the environment over the default", () => {
  const env = { HOTGRID_HTTP_PORT: "9000", HOTGRID_MQTT_PORT: "1999" };
  expect(readConfig(["--http-port", "0"], env)).toMatchObject({
    httpPort: 0,
    mqttPort: 1999,
    speed: 30,
    simulator: true,
  });
});

test("real use has a directory of its own", () => {
  const demo = readConfig([], {});
  const real = readConfig([], { HOTGRID_SIMULATOR: "off" });
  if (demo === "help" || real === "help") throw new Error("unexpected help");
  expect(demo.dataDir).not.toBe(real.dataDir);
});

test("nobody is told anything outside unless receivers are named", () => {
  expect(readConfig([], {})).toMatchObject({ receivers: null });
  expect(readConfig([], { HOTGRID_RECEIVERS: "a.json" })).toMatchObject({ receivers: "a.json" });
  expect(readConfig(["--receivers", "b.json"], { HOTGRID_RECEIVERS: "a.json" })).toMatchObject({ receivers: "b.json" });
});

test("roles that need one-time codes are named in a row", () => {
  expect(readConfig([], {})).toMatchObject({ requireTotp: [] });
  expect(readConfig(["--require-totp", "administrator, operator"], {})).toMatchObject({
    requireTotp: ["administrator", "operator"],
  });
});

test("browsers are taken to come without TLS and without a proxy unless it is said", () => {
  expect(readConfig([], {})).toMatchObject({ secure: false, trustedProxies: null, oidc: null });
  expect(readConfig(["--secure", "--trusted-proxies", "127.0.0.1"], { HOTGRID_OIDC: "o.json" })).toMatchObject({
    secure: true,
    trustedProxies: "127.0.0.1",
    oidc: "o.json",
  });
});

test.each([
  ["a port that is no number", ["--http-port", "eighty"], /httpPort/],
  ["a speed out of range", ["--speed", "601"], /speed/],
  ["seeds that do not exist", ["--seeds", "nowhere"], /seeds: .*nowhere does not exist/],
  ["a role that there is not", ["--require-totp", "operator,king"], /--require-totp takes some of viewer,/],
  ["an unknown flag", ["--sped", "1"], /--sped/],
])("%s is refused by name", (_rule, words, message) => {
  expect(() => readConfig(words, {})).toThrow(message);
});
