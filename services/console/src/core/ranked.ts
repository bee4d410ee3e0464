/** Ascending by value; equal values share a rank, and the next one counts them all: 1, 2, 2, 4. What has no value comes
 *  last, in the order given, without a rank. */
export function ranked<T>(
  items: readonly T[],
  measure: (item: T) => number | null,
): readonly (T & { readonly rank: number | null })[] {
  const rows = items.map((item) => ({ item, value: measure(item) }));
  const valued = rows.flatMap(({ item, value }) => (value === null ? [] : [{ item, value }]));
  valued.sort((a, b) => a.value - b.value);
  let rank = 0;
  const first = valued.map(({ item, value }, i) => {
    if (value !== valued[i - 1]?.value) rank = i + 1;
    return { ...item, rank };
  });
  const rest = rows.filter(({ value }) => value === null).map(({ item }) => ({ ...item, rank: null }));
  return [...first, ...rest];
}
