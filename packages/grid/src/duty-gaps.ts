import type { DivisionCode } from "@hotgrid/contracts";
import type { Division } from "./division.ts";
import type { Duty } from "./duty.ts";
import type { Span } from "./duty-calendar.ts";
import { spansBetween } from "./duty-spans.ts";
import type { Grid } from "./grid.ts";

/** When a division is without its own people: nobody is in term (no-officer), or all are away, and then either the
 *  level above is asked (away) or nobody is (nobody-asked). */
export interface DutyGap {
  readonly division: Division;
  readonly reason: "no-officer" | "away" | "nobody-asked";
  readonly spans: readonly Span[];
}

/** Every gap of a city. A place is left without anybody exactly while it and all its parents are without their own. */
export function dutyGaps(duty: Duty, grid: Grid, { from, to }: Span): readonly DutyGap[] {
  const own = new Map([...grid.divisions.keys()].map((code) => [code, unmanned(duty, code, { from, to })]));
  return [...grid.divisions.values()].flatMap((division): DutyGap[] => {
    const { vacant, away } = own.get(division.code) ?? { vacant: [], away: [] };
    const parents = grid.lineage(division.code).slice(0, -1);
    const alone = parents.reduce<readonly Span[]>((left, { code }) => {
      const above = own.get(code) ?? { vacant: [], away: [] };
      return overlaps(
        left,
        [...above.vacant, ...above.away].sort((a, b) => a.from - b.from),
      );
    }, away);
    const gaps = [
      { division, reason: "no-officer", spans: vacant },
      { division, reason: "away", spans: without(away, alone) },
      { division, reason: "nobody-asked", spans: alone },
    ] as const;
    return gaps.filter(({ spans }) => spans.length > 0);
  });
}

function unmanned(duty: Duty, code: DivisionCode, { from, to }: Span) {
  const manning = spansBetween(
    duty.changes(code, from, to),
    { from, to },
    (at) => duty.manning(code, at),
    (a, b) => a === b,
  );
  const such = (wanted: string): Span[] =>
    manning.filter(({ value }) => value === wanted).map(({ from, to }) => ({ from, to }));
  return { vacant: such("nobody-in-term"), away: such("everybody-away") };
}

/** What is in both lists; each is in order and without overlaps of its own. */
function overlaps(a: readonly Span[], b: readonly Span[]): Span[] {
  return a.flatMap((one) =>
    b.flatMap((other) => {
      const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
      return from < to ? [{ from, to }] : [];
    }),
  );
}

/** What is in `a` and in no span of `b`, which are parts of those in `a`, in order. */
function without(a: readonly Span[], b: readonly Span[]): Span[] {
  return a.flatMap((one) => {
    const inside = b.filter((other) => one.from <= other.from && other.to <= one.to);
    const starts = [one.from, ...inside.map(({ to }) => to)];
    const ends = [...inside.map(({ from }) => from), one.to];
    return starts.flatMap((from, index) => {
      const to = ends[index] ?? one.to;
      return from < to ? [{ from, to }] : [];
    });
  });
}
