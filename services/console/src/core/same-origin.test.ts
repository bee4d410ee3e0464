import { expect, test } from "vitest";
import { judgeOrigin, type OriginVerdict, type RequestOrigin } from "./same-origin.ts";

const post: RequestOrigin = { method: "POST", host: "console.example:8080", fetchSite: undefined, origin: undefined };

test.each<[string, Partial<RequestOrigin>, OriginVerdict]>([
  ["reading is safe from anywhere", { method: "GET", fetchSite: "cross-site", origin: "https://evil.example" }, "safe"],
  ["our own page may write", { fetchSite: "same-origin", origin: "http://console.example:8080" }, "same-origin"],
  ["another site may not write", { fetchSite: "cross-site", origin: "https://evil.example" }, "cross-site"],
  ["a sibling host may not write", { fetchSite: "same-site" }, "cross-site"],
  ["a link or a form typed by hand may not write", { fetchSite: "none" }, "cross-site"],
  ["an older browser of our own page may write", { origin: "http://console.example:8080" }, "same-origin"],
  ["behind a proxy that ends TLS the host decides", { origin: "https://console.example:8080" }, "same-origin"],
  ["an older browser of another page may not", { origin: "https://evil.example" }, "cross-site"],
  ["another port is another site", { origin: "http://console.example:9090" }, "cross-site"],
  ["a sandboxed frame has the origin null", { origin: "null" }, "cross-site"],
  ["a program is not a browser", {}, "not-a-browser"],
])("%s", (_rule, change, verdict) => {
  expect(judgeOrigin({ ...post, ...change })).toBe(verdict);
});
