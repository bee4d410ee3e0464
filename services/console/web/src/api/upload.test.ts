import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { call, upload } from "./call.ts";

let server: Server;
const seen: { type: string; fence: string | undefined; body: string }[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { "content-type": type = "", "x-requested-with": fence } = request.headers;
    seen.push({ type, fence: [fence].flat()[0], body: Buffer.concat(chunks).toString() });
    response.setHeader("content-type", "application/json").end('{"id":"p"}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const direct = globalThis.fetch;
  // A page's addresses are relative to its server; Node's fetch wants whole ones.
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => direct(`http://127.0.0.1:${port}${path}`, init));
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.close();
});

test("a photo goes as a form with the header that no other site's form can set", async () => {
  const file = new File(["pixels"], "a.jpg", { type: "image/jpeg" });
  expect(await upload("/tickets/T-1/evidence", file)).toEqual({ id: "p" });
  expect(seen.at(-1)).toMatchObject({
    fence: "hotgrid",
    type: expect.stringMatching(/^multipart\/form-data; boundary=/),
  });
  expect(seen.at(-1)?.body).toMatch(/name="file"; filename="a.jpg"[\s\S]*pixels/);
});

test("anything else goes as JSON", async () => {
  await call("/x", { method: "POST", body: { a: 1 } });
  expect(seen.at(-1)).toMatchObject({ type: "application/json", body: '{"a":1}' });
});
