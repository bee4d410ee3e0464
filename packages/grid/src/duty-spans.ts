import type { Division } from "./division.ts";
import type { Duty, DutyFinding, NobodyOnDuty } from "./duty.ts";
import type { Span } from "./duty-calendar.ts";

/** A stretch of time through which the answer stays the same. */
export interface DutySpan extends Span {
  readonly found: DutyFinding | NobodyOnDuty;
}

/** Who is on duty for a place from the one moment to the other: asked only where the answer can change, and so
 *  proved for every moment between. */
export function dutySpans(duty: Duty, lineage: readonly Division[], { from, to }: Span): readonly DutySpan[] {
  const changes = lineage.flatMap(({ code }) => duty.changes(code, from, to));
  return spansBetween(changes, { from, to }, (at) => duty.onDuty(lineage, at), sameFinding).map(
    ({ from, to, value }) => ({ from, to, found: value }),
  );
}

/** Splits a span at the moments of change and joins what gives the same value. */
export function spansBetween<T>(
  changes: readonly number[],
  { from, to }: Span,
  valueAt: (at: number) => T,
  same: (a: T, b: T) => boolean,
): (Span & { readonly value: T })[] {
  const bounds = [...new Set([from, ...changes])].sort((a, b) => a - b);
  const spans: { from: number; to: number; value: T }[] = [];
  for (const [index, at] of bounds.entries()) {
    const value = valueAt(at);
    const end = bounds[index + 1] ?? to;
    const last = spans.at(-1);
    if (last !== undefined && same(last.value, value)) last.to = end;
    else spans.push({ from: at, to: end, value });
  }
  return spans;
}

const sameFinding = (a: DutySpan["found"], b: DutySpan["found"]): boolean =>
  a.officerId === b.officerId && a.reason === b.reason && divisionOf(a) === divisionOf(b);

const divisionOf = (found: DutySpan["found"]) => (found.officerId === null ? null : found.division);
