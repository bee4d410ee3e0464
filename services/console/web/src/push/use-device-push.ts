import { useCallback, useEffect, useState } from "react";
import { ApiError, describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { type PushState, pushKey, pushState, turnOff, turnOn } from "./device-push.ts";
import { pushPhrases } from "./push-phrases.ts";

export interface DevicePush {
  /** null: not known yet, or this system sends nothing to devices. */
  readonly state: PushState | null;
  readonly busy: boolean;
  readonly failure: string | null;
  /** On where it is off, off where it is on. */
  readonly turn: () => void;
}

export function useDevicePush(): DevicePush {
  const { language } = useLanguage();
  const text = useText(pushPhrases);
  const [key, setKey] = useState<string | null>(null);
  const [state, setState] = useState<PushState | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    let here = true;
    const ask = async () => {
      const asked = await pushKey();
      const found = asked === null ? null : await pushState(asked, language);
      if (!here) return;
      setKey(asked);
      setState(found);
    };
    // Without an answer there is no button: the tickets themselves are what this page is for.
    ask().catch(() => undefined);
    return () => {
      here = false;
    };
  }, [language]);

  const turn = useCallback(() => {
    if (key === null) return;
    setBusy(true);
    setFailure(null);
    (state === "on" ? turnOff() : turnOn(key, language))
      .then(setState)
      .catch((error: unknown) =>
        setFailure(error instanceof ApiError ? describeError(error, language) : text("push.failed")),
      )
      .finally(() => setBusy(false));
  }, [key, state, language, text]);
  return { state, busy, failure, turn };
}
