import { useCallback, useState } from "react";
import { ApiError, describeError } from "../api/api-error.ts";
import { useLanguage } from "../language/language-context.tsx";

export interface Deed {
  readonly busy: boolean;
  /** Why the last attempt failed, for people. */
  readonly failure: string | null;
  readonly run: (work: () => Promise<void>) => void;
}

/** One thing at a time that a form does, and why it failed.
 *  @param onExpired where the server says that there is no login any more. */
export function useDeed(onExpired: () => void): Deed {
  const { language } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const run = useCallback(
    (work: () => Promise<void>) => {
      setBusy(true);
      setFailed(null);
      work()
        .catch((error: unknown) => {
          if (error instanceof ApiError && error.kind === "session") onExpired();
          setFailed(error);
        })
        .finally(() => setBusy(false));
    },
    [onExpired],
  );
  return { busy, failure: failed === null ? null : describeError(failed, language), run };
}
