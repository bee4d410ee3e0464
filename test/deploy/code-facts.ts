import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../services/hotgrid/src/config.ts";

/** What the files of deploy/ and docs/configuration.md are compared with. */

let variables: ReadonlySet<string> | undefined;

/** Every environment variable that the code reads, tests' own servers included. Looked for once: it reads every file. */
export function variablesInCode(): ReadonlySet<string> {
  variables ??= findVariables();
  return variables;
}

function findVariables(): ReadonlySet<string> {
  const files = globSync("{packages,services,simulators,test}/**/*.ts", {
    cwd: ROOT,
    exclude: (name) => /(^|\/)(node_modules|dist)$|\.test\.ts$/.test(name),
  });
  const names = files.flatMap(
    (file) => readFileSync(join(ROOT, file), "utf8").match(/\b(HOTGRID|OTEL)_[A-Z_]*[A-Z]\b/g) ?? [],
  );
  return new Set(names);
}

/** Text of a file of the repository. */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");
