import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSingleSignOn } from "./read-single-sign-on.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotgrid-oidc-"));
});
afterAll(() => rm(folder, { recursive: true }));

const GOOD = { issuer: "https://login.example", clientId: "hotgrid", console: "https://hotgrid.example" };
async function read(config: unknown, env: NodeJS.ProcessEnv = {}) {
  const file = join(folder, "oidc.json");
  await writeFile(file, typeof config === "string" ? config : JSON.stringify(config));
  return readSingleSignOn(file, env);
}

test("what is not said is the usual: the subject names an account, nobody gets rights", async () => {
  expect(await read(GOOD)).toMatchObject({
    scope: "openid profile",
    claim: "sub",
    names: "account",
    grants: [],
    clientSecret: null,
    label: { zh: "统一身份认证登录" },
  });
});

test("the secret comes from elsewhere", async () => {
  expect(await read({ ...GOOD, clientSecret: { env: "OIDC" } }, { OIDC: "s3cret" })).toMatchObject({
    clientSecret: "s3cret",
  });
});

test.each([
  ["a secret in the file itself", { ...GOOD, clientSecret: "s3cret" }, "clientSecret"],
  ["a secret that is nowhere", { ...GOOD, clientSecret: { env: "NONE" } }, "NONE"],
  ["a provider without TLS", { ...GOOD, issuer: "http://login.example" }, "issuer"],
  ["a console without TLS", { ...GOOD, console: "http://hotgrid.example" }, "console"],
  [
    "a role that there is not",
    { ...GOOD, grants: [{ claim: "g", value: "v", role: "king", division: "330600" }] },
    "role",
  ],
  ["a field too many", { ...GOOD, secret: "x" }, "secret"],
  ["no JSON", "{", "no JSON"],
])("%s is refused by its name, without telling a secret", async (_what, config, named) => {
  const failure = await read(config).then(String, String);
  expect(failure).toContain(named);
  expect(failure).not.toContain("s3cret");
});
