import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { stateTable } from "./state-table.ts";

const DOC = fileURLToPath(new URL("../../../docs/tickets.md", import.meta.url));
const SECTION = /(<!-- states -->\n)[\s\S]*(<!-- \/states -->)/;

test("docs/tickets.md shows the state machine as it is (after a change: vitest run -u on this file)", async () => {
  const doc = await readFile(DOC, "utf8");
  expect(doc).toMatch(SECTION);
  await expect(doc.replace(SECTION, (_all, from, to) => `${from}${stateTable()}${to}`)).toMatchFileSnapshot(DOC);
});
