import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { everyCommit, randomPlans } from "./ticket-life/kill-plans.ts";
import { liveThrough } from "./ticket-life/live-through.ts";
import { outcomeOf } from "./ticket-life/outcome.ts";

const HELP = `一张工单的一生，反复 kill -9：与未被杀死的一生相比，时限、历史、消息不丢不重。
A ticket's life under kill -9, compared with one that nobody killed: no obligation, line of history or message lost or doubled.

node test/chaos/ticket-life-main.ts [--runs N] [--seed S] [--json FILE]
  --runs N   lives whose processes are killed at random commits (default 3)
  --every    and two more in which every commit is met, once from either side
  --seed S   of the first life (default 1)`;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    every: { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`${HELP}\n`);
  process.exit(0);
}
const [runs, seed] = [Number(values.runs), Number(values.seed)];
if (!Number.isInteger(runs) || runs < 0 || !Number.isInteger(seed))
  throw new Error("--runs and --seed are whole numbers");

const rules = JSON.parse(await readFile(join(import.meta.dirname, "../../seeds/shaoxing/notification.json"), "utf8"));
const folder = await mkdtemp(join(tmpdir(), "hotgrid-ticket-life-"));
const whole = await liveThrough(join(folder, "whole"), rules, () => null);
const { repeated: _none, ...expected } = await outcomeOf(whole.folder);

const lives = [
  ...Array.from({ length: runs }, (_, n) => ({ name: `seed ${seed + n}`, next: randomPlans(seed + n, 9) })),
  ...(values.every ? (["after", "before"] as const) : []).map((side) => ({
    name: `every commit, ${side}`,
    next: everyCommit(side),
  })),
];
const results: { readonly name: string; readonly kills: number; readonly repeated: number; readonly same: boolean }[] =
  [];
for (const { name, next } of lives) {
  const { folder: its, kills } = await liveThrough(join(folder, name.replaceAll(/\W+/g, "-")), rules, next);
  const { repeated, ...outcome } = await outcomeOf(its);
  const same = isDeepStrictEqual(outcome, expected);
  results.push({ name, kills, repeated, same });
  process.stdout.write(
    `${same ? "✓" : "✗"} ${name}: ${kills} × kill -9, ${repeated} sent again with the id of the first\n`,
  );
}
await rm(folder, { recursive: true });
const summary = { commits: whole.commits, revisions: expected.log.length, told: expected.told.length, runs: results };
process.stdout.write(`${JSON.stringify(summary)}\n`);
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(summary, null, 2));
process.exit(results.every(({ same }) => same) ? 0 : 1);
