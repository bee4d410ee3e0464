import { TICKET_ACTIONS } from "@hotgrid/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startTestConsole, type TestConsole } from "../testing.ts";

const Operation = z.object({
  summary: z.string().min(1),
  security: z.array(z.unknown()).optional(),
  responses: z.object({ default: z.object({ content: z.object({ "application/problem+json": z.unknown() }) }) }),
});
const Document = z.object({
  openapi: z.string().startsWith("3.1"),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});

let city: TestConsole;
let document: z.output<typeof Document>;
beforeAll(async () => {
  city = await startTestConsole();
  document = await city.browser().read("/openapi.json", Document);
});
afterAll(() => city.close());

test("every route is described, and nothing that there is not", () => {
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const there = city.routes
    .filter(({ url }) => !url.endsWith("openapi.json"))
    .map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, "{$1}")}`);
  expect(described.toSorted()).toEqual(there.toSorted());
  for (const action of TICKET_ACTIONS) expect(described).toContain(`POST /api/v1/tickets/{id}/${action}`);
});

test("what is not built yet is not there", () => {
  const paths = Object.keys(document.paths).join(" ");
  expect(paths).not.toMatch(/reports|rules|backtest/);
});

test("public routes say that they need no session", () => {
  expect(document.paths["/api/v1/session"]?.["post"]?.security).toEqual([]);
  expect(document.paths["/api/v1/session"]?.["get"]?.security).toBeUndefined();
});
