import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBridge } from "./bridge-settings.ts";

const url = "mqtt://broker:1883";

test("without an address there is no bridge", async () => {
  expect(await readBridge({}, "9901")).toBeUndefined();
});

test("the address alone is enough; the password comes from its file", async () => {
  expect(await readBridge({ HOTGRID_BRIDGE_URL: url }, "9901")).toMatchObject({
    ...{ url, connections: 16, group: "hotgrid", city: "9901" },
    clientId: expect.stringMatching(/^hotgrid-[\w-]+$/),
  });
  const folder = await mkdtemp(join(tmpdir(), "hotgrid-bridge-"));
  const file = join(folder, "password");
  await writeFile(file, "secret\n");
  const named = { HOTGRID_BRIDGE_URL: url, HOTGRID_BRIDGE_USER: "u", HOTGRID_BRIDGE_PASSWORD_FILE: file };
  expect(await readBridge(named, "9901")).toMatchObject({ username: "u", password: "secret" });
  await rm(folder, { recursive: true });
});

test("an empty group is a broker without shared subscriptions", async () => {
  expect((await readBridge({ HOTGRID_BRIDGE_URL: url, HOTGRID_BRIDGE_GROUP: "" }, "9901"))?.group).toBeNull();
});

test.each([
  ["HOTGRID_BRIDGE_URL", "broker:1883", /HOTGRID_BRIDGE_URL: write mqtt:/],
  ["HOTGRID_BRIDGE_CONNECTIONS", "0", /HOTGRID_BRIDGE_CONNECTIONS/],
  ["HOTGRID_BRIDGE_CLIENT_ID", "a b", /HOTGRID_BRIDGE_CLIENT_ID: 1 to 40/],
  ["HOTGRID_BRIDGE_PASSWORD_FILE", "/nowhere/password", /nowhere\/password/],
])("%s=%s is refused by its name", async (name, value, message) => {
  await expect(readBridge({ HOTGRID_BRIDGE_URL: url, [name]: value }, "9901")).rejects.toThrow(message);
});
