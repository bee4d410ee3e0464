import { join } from "node:path";
import { expect } from "vitest";
import { ROOT } from "../../services/hotgrid/src/config.ts";
import { readServiceConfig } from "../../services/hotgrid/src/service-config.ts";
import { SERVICES } from "../../services/hotgrid/src/service-names.ts";
import { variablesInCode } from "./code-facts.ts";

/** Folder of the repository in the image. */
const IN_IMAGE = "/app";

/** Reads a container's words and environment as the service itself would. Throws as it does. */
export function readCall(words: readonly string[], env: Readonly<Record<string, string>>) {
  const [name, ...flags] = words;
  expect(SERVICES).toContain(name);
  expect(Object.keys(env).filter((variable) => !variablesInCode().has(variable))).toEqual([]);
  const seeds = env["HOTGRID_SEEDS"] ?? "";
  expect(seeds).toMatch(new RegExp(`^${IN_IMAGE}/seeds/`));
  const config = readServiceConfig(flags, { ...env, HOTGRID_SEEDS: join(ROOT, seeds.slice(IN_IMAGE.length)) });
  if (config === "help") throw new Error("a service is started, not asked for help");
  return config;
}
