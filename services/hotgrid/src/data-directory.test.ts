import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openDataDirectory } from "./data-directory.ts";

const folders: string[] = [];
const folder = () => {
  const path = mkdtempSync(join(tmpdir(), "hotgrid-data-"));
  folders.push(path);
  return path;
};
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

test("a second process is refused while the first holds the directory", () => {
  const path = folder();
  const first = openDataDirectory(path, "demo");
  expect(() => openDataDirectory(path, "demo")).toThrow(/in use/);
  first.release();
  openDataDirectory(path, "demo").release();
});

test("demo data never become real data", () => {
  const path = folder();
  openDataDirectory(path, "demo").release();
  expect(() => openDataDirectory(path, "real")).toThrow(/holds demo data/);
  openDataDirectory(path, "demo").release();
});
