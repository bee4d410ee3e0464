import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { placeSecretFile } from "./place-secret-file.ts";

const folder = mkdtempSync(join(tmpdir(), "hotgrid-secret-"));
afterEach(() => rmSync(folder, { recursive: true }));

test("a new secret is its owner's alone, and of two that are made at once one stays, whole", async () => {
  const file = join(folder, "new", "key");
  await Promise.all(["one", "two", "three"].map((text) => placeSecretFile(file, text)));
  const kept = readFileSync(file, "utf8");
  expect(["one", "two", "three"]).toContain(kept);
  await placeSecretFile(file, "four");
  expect(readFileSync(file, "utf8")).toBe(kept);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, "new"))).toEqual(["key"]);
});
