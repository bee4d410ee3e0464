import type { LoginOptionsView } from "@hotgrid/contracts";
import { useEffect, useState } from "react";
import { call } from "../api/call.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { sessionPhrases } from "./session-phrases.ts";
import type { SignOnFailure } from "./sign-on-outcome.ts";
import "./session.css";

/** The city's own login where there is one, and why the last one failed. On both pages. */
export function SignOnChoice({ page, failed }: { page: "operator" | "officer"; failed: SignOnFailure | null }) {
  const text = useText(sessionPhrases);
  const { language } = useLanguage();
  const [label, setLabel] = useState<LoginOptionsView["singleSignOn"]>(null);
  useEffect(() => {
    const abort = new AbortController();
    call<LoginOptionsView>("/session/options", { signal: abort.signal }).then(
      ({ singleSignOn }) => setLabel(singleSignOn),
      // Without an answer there is no button; the password's form says what is wrong when it is used.
      () => undefined,
    );
    return () => abort.abort();
  }, []);
  return (
    <>
      {failed === null ? null : (
        <p className="session-failure" role="alert" data-testid="sign-on-failure">
          {text(`signOn.${failed}`)}
        </p>
      )}
      {label === null ? null : (
        <a className="session-button" href={`/api/v1/session/oidc?page=${page}`} data-testid="sign-on">
          {label[language]}
        </a>
      )}
    </>
  );
}
