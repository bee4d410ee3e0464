import type { DivisionView } from "@hotgrid/contracts";
import { useCallback, useEffect, useState } from "react";
import { call } from "../../api/call.ts";

export interface DivisionsControl {
  /** City, counties and towns with outlines; null until they are here. */
  readonly divisions: readonly DivisionView[] | null;
  readonly error: unknown;
  readonly retry: () => void;
}

export function useMapDivisions(): DivisionsControl {
  const [divisions, setDivisions] = useState<readonly DivisionView[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const load = useCallback(() => {
    setError(null);
    const ofLevel = (level: string) =>
      call<{ items: readonly DivisionView[] }>(`/divisions?level=${level}&area=true`).then(({ items }) => items);
    Promise.all([ofLevel("city"), ofLevel("county"), ofLevel("town")]).then(
      (levels) => setDivisions(levels.flat()),
      setError,
    );
  }, []);
  useEffect(load, [load]);
  return { divisions, error, retry: load };
}
