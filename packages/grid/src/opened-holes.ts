import type { Span } from "./duty-calendar.ts";
import type { CoverageHole } from "./verify-coverage.ts";

/** The holes that a change of duties opens: those of `after` with the spans that `before` did not have at the same
 *  place. What was open already is not the change's doing, so that one of many holes can be mended. */
export function openedHoles(before: readonly CoverageHole[], after: readonly CoverageHole[]): readonly CoverageHole[] {
  return after.flatMap((hole) => {
    const known = before
      .filter(
        ({ division, stations }) => division === hole.division && (division !== null || same(stations, hole.stations)),
      )
      .flatMap(({ spans }) => spans);
    const spans = hole.spans.flatMap((span) => without(span, known));
    return spans.length === 0 ? [] : [{ ...hole, spans }];
  });
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();

/** What is left of a span when others are taken away, in order. */
function without(span: Span, others: readonly Span[]): Span[] {
  let rest: Span[] = [span];
  for (const { from, to } of others)
    rest = rest.flatMap((one) =>
      [
        { from: one.from, to: Math.min(one.to, from) },
        { from: Math.max(one.from, to), to: one.to },
      ].filter((part) => part.from < part.to),
    );
  return rest;
}
