import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const here = import.meta.dirname;

/** The console serves officer.html at /officer; so do Vite's development and preview servers. */
const officerRoute: Plugin = {
  name: "hotgrid-officer-route",
  configureServer: (server) => {
    server.middlewares.use(rewriteOfficer);
  },
  configurePreviewServer: (server) => {
    server.middlewares.use(rewriteOfficer);
  },
};

function rewriteOfficer(request: { url?: string | undefined }, _response: unknown, next: () => void): void {
  if (/^\/officer\/?(\?|$)/.test(request.url ?? "")) request.url = "/officer.html";
  next();
}

// The API's address in development; `npm start` listens on 8080.
const api = process.env["HOTGRID_CONSOLE_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: here,
  base: "/",
  plugins: [react(), officerRoute],
  build: {
    outDir: resolve(here, "..", "dist"),
    emptyOutDir: true,
    manifest: true,
    // The System WebView of a five years old phone (Chrome 92, Safari 15). Ours.
    target: ["chrome92", "safari15"],
    modulePreload: { polyfill: false },
    // The content security policy allows no inline data beside images.
    assetsInlineLimit: 0,
    // MapLibre alone is larger than Vite's 500 kB; the budget that counts is bundle-budget.test.ts.
    chunkSizeWarningLimit: 1600,
    rolldownOptions: { input: { operator: resolve(here, "index.html"), officer: resolve(here, "officer.html") } },
  },
  server: { port: 5173, proxy: { "/api": api } },
  preview: { port: 4173, proxy: { "/api": api } },
});
