import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestConsole, type TestConsole } from "../testing.ts";

let folder: string;
let city: TestConsole;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hotgrid-pages-"));
  const dist = join(folder, "dist");
  await mkdir(join(dist, "assets"), { recursive: true });
  await writeFile(join(folder, "secret.txt"), "not for the web");
  await writeFile(join(dist, "index.html"), "<title>operator</title>");
  await writeFile(join(dist, "officer.html"), "<title>officer</title>");
  await writeFile(join(dist, "assets", "index-abc123.js"), `console.log("${"x".repeat(4000)}")`);
  await writeFile(join(dist, "favicon.svg"), "<svg/>");
  city = await startTestConsole({ webRoot: dist });
});
afterAll(async () => {
  await city.close();
  await rm(folder, { recursive: true });
});

test.each([
  ["/", "operator", "no-cache"],
  ["/officer", "officer", "no-cache"],
])("%s is the %s's page, asked for again every time", async (path, title) => {
  const response = await fetch(city.url + path);
  expect(await response.text()).toContain(title);
  expect(response.headers.get("content-type")).toContain("text/html");
  expect(response.headers.get("cache-control")).toBe("no-cache");
});

test("assets stay in the browser for a year, and travel compressed", async () => {
  const response = await fetch(`${city.url}/assets/index-abc123.js`, { headers: { "accept-encoding": "gzip" } });
  expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(response.headers.get("content-encoding")).toBe("gzip");
  expect((await response.text()).length).toBeGreaterThan(4000);
});

test("what is not there is 404, also below assets", async () => {
  for (const path of ["/no-such-page", "/assets/old-123.js", "/officer/x"])
    expect((await fetch(city.url + path)).status).toBe(404);
});

test.each([
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/assets/..%2f..%2fsecret.txt",
  "/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
  "/.env",
])("%s does not lead out of the folder", async (path) => {
  const { request } = await import("node:http");
  const body = await new Promise<string>((resolve, reject) => {
    const asked = request(city.url, { path }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => resolve(`${answer.statusCode} ${text}`));
    });
    asked.on("error", reject).end();
  });
  expect(body).not.toContain("not for the web");
  expect(body).toMatch(/^4\d\d /);
});

test("the interface beside the pages still needs a session", async () => {
  expect((await city.browser().refusal("GET", "/stations")).status).toBe(401);
});
