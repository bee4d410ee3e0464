import { useCallback, useEffect, useState } from "react";
import { call } from "./call.ts";
import { useAsking } from "./use-asking.ts";

export interface Loaded<T> {
  /** The last answer, kept while the next is on its way; null before the first. */
  readonly data: T | null;
  /** Of the last attempt; null while it is on its way or went well. */
  readonly error: unknown;
  readonly busy: boolean;
  readonly reload: () => void;
}

/** What the API answers at `path`, asked again whenever that changes; null asks for nothing. */
export function useLoaded<T>(path: string | null): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(path !== null);
  const asking = useAsking();
  const reload = useCallback(() => {
    if (path === null) return;
    const signal = asking();
    const unlessGivenUp = (then: () => void) => (signal.aborted ? undefined : then());
    setBusy(true);
    setError(null);
    call<T>(path, { signal })
      .then(
        (answer) => unlessGivenUp(() => setData(answer)),
        (cause: unknown) => unlessGivenUp(() => setError(cause)),
      )
      .finally(() => unlessGivenUp(() => setBusy(false)));
  }, [path, asking]);
  useEffect(reload, [reload]);
  return { data, error, busy, reload };
}
