import { useCallback, useEffect, useState } from "react";
import { call } from "./call.ts";
import { useAsking } from "./use-asking.ts";

export interface PagedList<T> {
  readonly items: readonly T[];
  readonly error: unknown;
  readonly busy: boolean;
  /** Loads the next page behind what is there; null on the last. */
  readonly more: (() => void) | null;
  /** Begins at the first page again. */
  readonly reload: () => void;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const PAGE_SIZE = 50;

/** A list of the API, page by page as a person asks for more; from its beginning whenever path or filter change.
 *  @param filter query parameters; those that are empty are left out */
export function usePages<T>(path: string, filter: Readonly<Record<string, string>> = {}): PagedList<T> {
  const [items, setItems] = useState<readonly T[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(true);
  const asking = useAsking();
  const wanted = Object.entries(filter).filter(([, value]) => value !== "");
  const query = new URLSearchParams([...wanted, ["limit", String(PAGE_SIZE)]]).toString();

  const load = useCallback(
    (cursor: string | null) => {
      const signal = asking();
      const unlessGivenUp = (then: () => void) => (signal.aborted ? undefined : then());
      const at = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      setBusy(true);
      setError(null);
      call<Page<T>>(`${path}?${query}${at}`, { signal })
        .then(
          (page) =>
            unlessGivenUp(() => {
              setItems((before) => (cursor === null ? page.items : [...before, ...page.items]));
              setNext(page.nextCursor);
            }),
          (cause: unknown) => unlessGivenUp(() => setError(cause)),
        )
        .finally(() => unlessGivenUp(() => setBusy(false)));
    },
    [path, query, asking],
  );
  const reload = useCallback(() => load(null), [load]);
  useEffect(reload, [reload]);
  return { items, error, busy, more: next === null ? null : () => load(next), reload };
}
