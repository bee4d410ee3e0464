import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "..");

export default defineConfig({
  root,
  test: {
    // Unit tests stand beside the code; what starts servers or browsers stands under test/.
    include: ["{packages,services,simulators,seeds,deploy,test}/**/*.test.{ts,tsx,mjs}"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make the servers under test slower.
    maxWorkers: 2,
    pool: "forks",
  },
});
