import type { Station } from "@hotgrid/contracts";
import { COVERED_AHEAD_MS, type DutyPlan, type Grid, verifyCoverage } from "@hotgrid/grid";
import type { Log } from "@hotgrid/runtime";
import { when } from "./commands/city-time.ts";

/** Holes named in the message; `hotgrid grid verify` lists them all. */
const NAMED = 5;

/** A grid with a place for which nobody is responsible, now or within 30 days, would lose that place's tickets: such a system does not start,
 *  unless it was told to. Throws an Error that names the first holes and the remedy. */
export function refuseHoles(
  options: {
    grid: Grid;
    stations: readonly Station[];
    plan: DutyPlan;
    at: number;
    allowed: boolean;
  },
  log: Log,
): void {
  const { holes } = verifyCoverage(options.grid, options.stations, options.plan, {
    from: options.at,
    to: options.at + COVERED_AHEAD_MS,
  });
  if (holes.length === 0) return;
  const named = holes
    .slice(0, NAMED)
    .map((hole) => `  ${hole.name} ${when(hole, options.plan.utcOffset)}: ${hole.remedy.zh} · ${hole.remedy.en}`);
  const more = holes.length > NAMED ? [`  … ${holes.length - NAMED} more: npm run hotgrid -- grid verify`] : [];
  const text = [
    `网格责任有 ${holes.length} 处缺口 · ${holes.length} holes in the grid of duties:`,
    ...named,
    ...more,
  ].join("\n");
  if (!options.allowed) throw new Error(`${text}\n  或用 --allow-holes 强行启动 · or start with --allow-holes`);
  log.warn({ holes: holes.length }, "started with holes in the grid of duties");
}
