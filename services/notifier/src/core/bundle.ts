import type { Item } from "./plan-items.ts";

/** What becomes one message. */
export interface Bundle {
  readonly receiver: string;
  readonly address: string;
  readonly items: readonly Item[];
}

/** One message per group, or, where an address has had its fill, one digest of all its groups; nothing as long as it
 *  may have none at all: those items wait.
 *  @param left messages that an address may still get now */
export function bundle(items: readonly Item[], left: (receiver: string, address: string) => number): Bundle[] {
  const addresses = Object.values(
    Object.groupBy(items, ({ receiver, address }) => JSON.stringify([receiver, address])),
  );
  return addresses.flatMap((its = []) => {
    const [first] = its;
    if (first === undefined) return [];
    const { receiver, address } = first;
    const budget = left(receiver, address);
    if (budget <= 0) return [];
    const groups = Object.values(Object.groupBy(its, ({ group }) => group)).map((group = []) => group);
    const parts = groups.length <= budget ? groups : [its];
    return parts.map((part) => ({ receiver, address, items: part }));
  });
}
