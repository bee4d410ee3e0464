import { useCallback, useEffect, useRef } from "react";

/** The signal for a new question: the one before it, and the one that is open when the page is left, are given up, so
 *  that a late answer never replaces a newer one. */
export function useAsking(): () => AbortSignal {
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);
  return useCallback(() => {
    current.current?.abort();
    current.current = new AbortController();
    return current.current.signal;
  }, []);
}
