import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "..");

const common = {
  root,
  exclude: ["**/node_modules/**", "**/dist/**"],
  // Bounds for what hangs, not for what is slow: a machine may be ten times slower than ours, or stand still for a while.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Vitest's own is one second, within which a busy machine may not have given the test or its servers a turn.
  expect: { poll: { timeout: 30_000 } },
  pool: "forks" as const,
};

/** Test files whose `openTestDatabase()` is SQLite in one project and PostgreSQL in the other: those whose queries or
 *  transactions could tell one from the other. */
const ON_POSTGRES = [
  "packages/store/src/{audit,boundary-proposal-store,dead-letter-store,duty-store,people-store}.test.ts",
  "packages/store/src/{silence-store,station-directory,ticket-store,totp-key,totp-store}.test.ts",
  "services/{dispatcher,notifier}/src/*.test.ts",
  "services/console/src/routes/{audit,dead-letter,episode,evidence,push,single-sign-on,ticket,ticket-command}-routes.test.ts",
  "services/console/src/routes/false-alarm-route.test.ts",
];

export default defineConfig({
  root,
  test: {
    // Two cores: more workers only make the servers under test slower.
    maxWorkers: 2,
    projects: [
      {
        // Unit tests stand beside the code; what starts servers or browsers stands under test/.
        test: {
          ...common,
          name: "all",
          include: ["{packages,services,simulators,seeds,deploy,test}/**/*.test.{ts,tsx,mjs}"],
        },
      },
      {
        test: {
          ...common,
          name: "PostgreSQL",
          include: ON_POSTGRES,
          globalSetup: ["test/harness/postgres-setup.ts"],
          setupFiles: ["test/harness/skip-without-postgres.ts"],
        },
      },
    ],
  },
});
