import { COVERED_AHEAD_MS, openedHoles, verifyCoverage } from "@hotgrid/grid";
import { Rejected } from "@hotgrid/runtime";
import { type DutyGuard, readDutyPlan } from "@hotgrid/store";
import { when } from "./city-time.ts";
import { gridOf } from "./grid.ts";
import type { Opened } from "./open-data.ts";

/** Holes named in the message. */
const NAMED = 5;
/** How far ahead a change is looked at, where it names moments beyond the 30 days, ms. Ours: a year's roster. */
const FARTHEST_MS = 366 * 86_400_000;

/** A change of duties that leaves a place without anybody at some hour, who was there before it, is refused.
 *  @param moments that the change names, epoch ms: it is looked at as far as they reach
 *  @returns for the change's transaction; throws Rejected "opens-a-hole" naming place, hours and remedy */
export function refuseOpenedHoles({ seeds, stations }: Opened, now: number, moments: readonly number[]): DutyGuard {
  const grid = gridOf(seeds);
  const { utcOffset } = seeds.city;
  const reach = moments.filter((at) => at <= now + FARTHEST_MS);
  const span = { from: now, to: reach.reduce((last, at) => Math.max(last, at + 1), now + COVERED_AHEAD_MS) };
  return async (trx) => {
    const holes = async () => verifyCoverage(grid, stations.all(), await readDutyPlan(trx, utcOffset), span).holes;
    const before = await holes();
    return async () => {
      const opened = openedHoles(before, await holes());
      if (opened.length === 0) return;
      const lines = opened
        .slice(0, NAMED)
        .map((hole) => `  ${hole.name} ${when(hole, utcOffset)}: ${hole.remedy.zh} · ${hole.remedy.en}`);
      const more = opened.length > NAMED ? [`  … +${opened.length - NAMED}`] : [];
      const rest = [
        ...lines,
        ...more,
        "  或用 --allow-holes 照样导入 · or import it all the same with --allow-holes",
      ].join("\n");
      throw new Rejected("opens-a-hole", {
        zh: `未导入：会造成 ${opened.length} 处无人负责\n${rest}`,
        en: `未导入，会造成 ${opened.length} 处无人负责 · nothing was imported: it would open ${opened.length} holes\n${rest}`,
      });
    };
  };
}
