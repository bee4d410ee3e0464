import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readSeeds } from "@hotgrid/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Call, Command } from "./command.ts";
import { dutyShow, dutyVerify } from "./duty.ts";
import { gridVerify } from "./grid.ts";
import { officersImport } from "./people.ts";
import { rostersImport } from "./rosters.ts";

const seedsDir = resolve(import.meta.dirname, "../../../../seeds/shaoxing");
const COUNTY = ["O-330603", "O-330603-D", "O-330600", "O-330600-D"];
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "hotgrid-duty-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const run = (command: Command, positionals: readonly string[], values: Call["values"]) =>
  command.run({ positionals, values, dataDir, seedsDir });

function file(name: string, rows: readonly string[]): string {
  const path = join(dataDir, name);
  writeFileSync(path, `${rows.join("\n")}\n`);
  return path;
}

/** Far in the future, so that the rows begin later than now whenever the test runs. */
const leaves = (officers: readonly string[]) =>
  file("leaves.csv", [
    "officerId,from,to,substituteId",
    ...officers.map((id) => `${id},2126-12-02T00:00:00+08:00,2126-12-03T00:00:00+08:00,`),
  ]);
const month = { at: "2126-11-22T00:00:00+08:00" };

test("who is on duty is shown for the past as for the future, in the city's time", async () => {
  const span = { from: "2026-10-01T12:00:00+08:00", to: "2026-10-02T12:00:00+08:00" };
  const { text, code } = await run(dutyShow, ["330603"], span);
  expect(code).toBe(0);
  expect(text.split("\n").filter((line) => line.startsWith("2026"))).toEqual([
    expect.stringMatching(/^2026-10-01 12:00 – 2026-10-01 17:30 +O-330603-D .*shift-county$/),
    expect.stringMatching(/^2026-10-01 17:30 – 2026-10-02 08:30 +O-330603 .*shift-county$/),
    expect.stringMatching(/^2026-10-02 08:30 – 2026-10-02 12:00 +O-330603-D .*shift-county$/),
  ]);
  expect(text).toContain("M-330600");
});

test("a leave of everybody up to the city is a hole, seen by both proofs and by the command that made it", async () => {
  expect((await run(dutyVerify, [], month)).code).toBe(0);
  await run(rostersImport, [], { leaves: leaves(COUNTY) });
  for (const command of [dutyVerify, gridVerify]) {
    const { text, code } = await run(command, [], month);
    expect(code).toBe(1);
    expect(text).toMatch(/柯桥区.*2126-12-02 00:00 – 2126-12-03 00:00/);
  }
  expect((await run(dutyVerify, [], { at: "2126-12-03T00:00:00+08:00" })).code).toBe(0);
});

const DAY_MS = 86_400_000;
/** The midnight (UTC) after the next one: that is ahead of the command also where the test runs towards midnight. */
const aDayAhead = () => (Math.ceil(Date.now() / DAY_MS) + 1) * DAY_MS;

test("a leave that leaves nobody to be asked is refused as a whole, with the place, the hours and the remedy", async () => {
  const from = aDayAhead();
  const day = (at: number) => new Date(at).toISOString().replace(".000", "");
  const list = file("soon.csv", [
    "officerId,from,to,substituteId",
    ...COUNTY.map((id) => `${id},${day(from)},${day(from + DAY_MS)},`),
  ]);
  const refused: unknown = await run(rostersImport, [], { leaves: list }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ reason: "opens-a-hole" });
  expect(String(refused)).toMatch(/柯桥区 \d{4}-\d\d-\d\d 08:00 .*全部请假,为其中一人指定替班/);
  expect(await run(rostersImport, [], { leaves: list, "allow-holes": true })).toMatchObject({ code: 1 });
  expect((await run(dutyVerify, [], { at: day(from) })).code).toBe(1);
  // What is open already keeps nobody from the next change.
  const another = file("another.csv", [
    "officerId,from,to,substituteId",
    `O-330602,${day(from)},${day(from + DAY_MS)},`,
  ]);
  expect(await run(rostersImport, [], { leaves: another })).toMatchObject({ json: { leaves: 1 } });
});

test("an assignment that ends with nobody after it is refused, and nothing of its file is taken", async () => {
  const at = new Date(aDayAhead()).toISOString().replace(".000", "");
  const officers = file("officers.csv", ["id,name,phone", "O-new,新来的,15400000000"]);
  const village = (await readSeeds(seedsDir)).assignments.find(({ officerId }) => officerId === "O-330602001017");
  const began = new Date(village?.from ?? 0).toISOString().replace(".000", "");
  const row = (id: string, from: string, to: string) => `${id},330602001017,primary,${from},${to}`;
  const header = "officerId,division,role,from,to";
  const ending = file("ending.csv", [header, row("O-330602001017", began, at)]);
  await expect(run(officersImport, [officers, ending], {})).rejects.toMatchObject({
    reason: "opens-a-hole",
    message: expect.stringContaining("为东双桥社区(330602001017)指定在任网格员"),
  });
  const handedOver = file("handed-over.csv", [header, row("O-330602001017", began, at), row("O-new", at, "")]);
  expect(await run(officersImport, [officers, handedOver], {})).toMatchObject({ code: 0 });
});

test("a roster that would change the past is refused, and taken where that is said", async () => {
  const past = file("past.csv", [
    "officerId,from,to,substituteId",
    "O-330603,2026-03-02T00:00:00+08:00,2026-03-03T00:00:00+08:00,O-330603-D",
  ]);
  await expect(run(rostersImport, [], { leaves: past })).rejects.toMatchObject({ reason: "changes-the-past" });
  const span = { from: "2026-03-02T10:00:00+08:00", to: "2026-03-02T12:00:00+08:00" };
  expect((await run(dutyShow, ["330603"], span)).text).toContain("assignment-county");
  expect((await run(rostersImport, [], { leaves: past, backdate: true })).code).toBe(0);
  expect((await run(dutyShow, ["330603"], span)).text).toContain("assignment-county-substitute");
});
