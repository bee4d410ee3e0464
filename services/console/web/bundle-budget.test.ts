import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

/** kB (1000 bytes) of script, gzip, that the officer's page loads before it works. The project's aim: a cheap phone on a
 *  village's network at night. */
const OFFICER_BUDGET_KB = 200;
/** kB of script, gzip, up to the operator's login and ticket board; the map and the charts come when they are looked at.
 *  Ours: what it is, and some room. */
const OPERATOR_BUDGET_KB = 450;
/** A build on a busy machine, ms. */
const BUILD_TIMEOUT_MS = 180_000;

type File = Rolldown.OutputChunk | Rolldown.OutputAsset;
const files = new Map<string, File>();

beforeAll(async () => {
  // vitest's own "test" would build React for development.
  vi.stubEnv("NODE_ENV", "production");
  const result = await build({
    configFile: resolve(import.meta.dirname, "vite.config.ts"),
    logLevel: "error",
    build: { write: false },
  });
  if (Array.isArray(result) || !("output" in result)) throw new Error("one build with one output was expected");
  for (const file of result.output) files.set(file.fileName, file);
}, BUILD_TIMEOUT_MS);

afterAll(() => {
  vi.unstubAllEnvs();
});

function chunk(fileName: string): Rolldown.OutputChunk {
  const file = files.get(fileName);
  if (file?.type !== "chunk") throw new Error(`${fileName} is not in the build`);
  return file;
}

/** The entry's chunk and all that it imports before it runs. */
function loadedBy(entry: "officer" | "operator"): Rolldown.OutputChunk[] {
  const start = [...files.values()].find((file) => file.type === "chunk" && file.isEntry && file.name === entry);
  const found = new Set([start?.fileName ?? `entry ${entry}`]);
  for (const fileName of found) for (const imported of chunk(fileName).imports) found.add(imported);
  return [...found].map(chunk);
}

const kilobytes = (chunks: readonly Rolldown.OutputChunk[]) =>
  chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0) / 1000;
const packages = (chunks: readonly Rolldown.OutputChunk[]) =>
  new Set(
    chunks.flatMap(({ moduleIds }) =>
      moduleIds.flatMap((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []),
    ),
  );

describe("the officer's page", () => {
  test("loads less than its budget", () => {
    const size = kilobytes(loadedBy("officer"));
    console.info(`officer: ${size.toFixed(1)} kB of script, gzip`);
    expect(size).toBeLessThan(OFFICER_BUDGET_KB);
  });
  test("loads neither the map, nor the charts, nor the operator's components, nor the schemas", () => {
    const loaded = packages(loadedBy("officer"));
    expect(loaded).toContain("antd-mobile");
    for (const name of ["maplibre-gl", "echarts", "antd", "zod"]) expect(loaded).not.toContain(name);
  });
});

describe("the operator's page", () => {
  test("loads less than its budget", () => {
    const size = kilobytes(loadedBy("operator"));
    console.info(`operator: ${size.toFixed(1)} kB of script, gzip`);
    expect(size).toBeLessThan(OPERATOR_BUDGET_KB);
  });
  test("loads the map and the charts when they are looked at", () => {
    const loaded = packages(loadedBy("operator"));
    expect(loaded).toContain("antd");
    for (const name of ["maplibre-gl", "echarts"]) expect(loaded).not.toContain(name);
  });
});

test.each(["index.html", "officer.html"])("%s holds no inline script and names no other host", (fileName) => {
  const file = files.get(fileName);
  if (file?.type !== "asset") throw new Error(`${fileName} is not in the build`);
  const html = String(file.source);
  const scripts = [...html.matchAll(/<script\b([^>]*)>([^<]*)<\/script>/g)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, attributes, body] of scripts) {
    expect(attributes).toContain("src=");
    expect(body).toBe("");
  }
  expect(html).not.toMatch(/https?:\/\//);
});
