import type { Assignment, CalendarDay, DutyShift, Leave } from "@hotgrid/contracts";
import { createDuty, type DutyPlan } from "./duty.ts";
import { createGrid } from "./grid.ts";
import { squareCity } from "./testing.ts";

/** Plans of duty for one village of the square city, and what is asked of them on Monday, 2026-11-23, at 10:00. */
const grid = createGrid(squareCity());
export const [village, town, county, city] = ["330602001001", "330602001", "330602", "330600"] as const;
export const lineage = grid.lineage(village);
export const at = Date.parse("2026-11-23T10:00:00+08:00");
export const local = (time: string): number => Date.parse(`${time}:00+08:00`);
export const HOUR = 3_600_000;

export const assign = (
  officerId: string,
  division: string,
  role: Assignment["role"] = "primary",
  from = 0,
  to: number | null = null,
): Assignment => ({ officerId, division, role, from, to });
export const shift = (officerId: string, division: string, changes: Partial<DutyShift> = {}): DutyShift => ({
  ...{ officerId, division, days: ["workday", "restday"], start: "00:00", end: "00:00", covers: "own", from: 0 },
  to: null,
  ...changes,
});
export const leave = (officerId: string, substituteId: string | null = null, from = 0, to = at + HOUR): Leave => ({
  ...{ officerId, from, to, substituteId },
});
export const holiday = (date: string, division: string = city): CalendarDay => ({
  division,
  date,
  kind: "holiday",
  name: "节",
});
export const makeUp = (date: string, division: string = city): CalendarDay => ({
  division,
  date,
  kind: "workday",
  name: "调休",
});
export const plan = (parts: Partial<DutyPlan>): DutyPlan => ({
  ...{ assignments: [], shifts: [], leaves: [], calendar: [], utcOffset: "+08:00" },
  ...parts,
});
export const ask = (parts: Partial<DutyPlan>, when = at) => {
  const { officerId, reason } = createDuty(plan(parts)).onDuty(lineage, when);
  return [officerId, reason];
};
