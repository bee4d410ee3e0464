import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSecret } from "./read-secret.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotgrid-secret-"));
  await writeFile(join(folder, "good"), "s3cret \nwritten by somebody\n");
  await writeFile(join(folder, "empty"), "\n");
});
afterAll(() => rm(folder, { recursive: true }));

test("a secret is the first line of its file, or its variable", async () => {
  expect(await readSecret({ file: join(folder, "good") }, {})).toBe("s3cret");
  expect(await readSecret({ env: "KEY" }, { KEY: "s3cret" })).toBe("s3cret");
});

test.each([
  ["an empty file", () => ({ file: join(folder, "empty") }), "empty"],
  ["no file", () => ({ file: join(folder, "none") }), "none"],
  ["no variable", () => ({ env: "NONE" }), "NONE"],
])("%s is told by its name", async (_what, place, named) => {
  await expect(readSecret(place(), { NONE: "" })).rejects.toMatchObject({
    reason: "missing-secret",
    message: expect.stringContaining(named),
  });
});
