import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { deedPhrases } from "./deed-phrases.ts";
import { deedText } from "./deed-text.ts";

test("a step of a ticket and every other deed has words; what is new keeps its name", () => {
  expect(deedText({ subject: "ticket", action: "supervise" }, "zh")).toBe("督办");
  expect(deedText({ subject: "login", action: "wrong-password" }, "zh")).toBe("密码错误");
  expect(deedText({ subject: "login", action: "something-new" }, "zh")).toBe("something-new");
});

test("everything that the store writes into the audit log has words", () => {
  const folder = resolve(import.meta.dirname, "../../../../../../packages/store/src");
  const sources = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const written = sources.flatMap((name) =>
    [...readFileSync(resolve(folder, name), "utf8").matchAll(/\baction: "([a-z-]+)"/g)].map(([, action]) => action),
  );
  expect(new Set(written).size).toBeGreaterThan(10);
  for (const action of written) expect(Object.keys(deedPhrases)).toContain(action);
});
