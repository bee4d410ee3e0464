import type { TotpView } from "@hotgrid/contracts";
import { useCallback, useEffect, useRef, useState } from "react";
import { call } from "../api/call.ts";
import { useText } from "../language/language-context.tsx";
import { CodeForm } from "./code-form.tsx";
import { PasswordField } from "./password-field.tsx";
import { sessionPhrases } from "./session-phrases.ts";
import { TotpEnrolmentSteps } from "./totp-enrolment-steps.tsx";
import { useDeed } from "./use-deed.ts";
import "./session.css";

export interface TotpDialogProps {
  readonly onClose: () => void;
  readonly onExpired: () => void;
}

/** Whoever is logged in turns one-time codes on and off here. On both pages. */
export function TotpDialog({ onClose, onExpired }: TotpDialogProps) {
  const text = useText(sessionPhrases);
  const dialog = useRef<HTMLDialogElement>(null);
  const [view, setView] = useState<TotpView | null>(null);
  const { failure, run } = useDeed(onExpired);
  const ask = useCallback(() => run(async () => setView(await call<TotpView>("/account/totp"))), [run]);
  useEffect(() => {
    dialog.current?.showModal();
    ask();
  }, [ask]);
  return (
    <dialog ref={dialog} className="session-dialog" aria-label={text("totp.title")} onClose={onClose}>
      <h2>{text("totp.title")}</h2>
      {view === null ? <p role="status">{failure}</p> : <Standing view={view} onExpired={onExpired} onChanged={ask} />}
      <button type="button" className="session-link" onClick={() => dialog.current?.close()}>
        {text("close")}
      </button>
    </dialog>
  );
}

interface StandingProps {
  readonly view: TotpView;
  readonly onExpired: () => void;
  readonly onChanged: () => void;
}
function Standing({ view, onExpired, onChanged }: StandingProps) {
  const text = useText(sessionPhrases);
  if (view.enabledAt === null)
    return (
      <>
        <p data-testid="totp-state">{text("totp.off")}</p>
        <TotpEnrolmentSteps needsPassword onExpired={onExpired} onDone={onChanged} />
      </>
    );
  return (
    <>
      <p data-testid="totp-state">{text("totp.on", { n: view.recoveryCodesLeft })}</p>
      {view.required ? <p>{text("totp.required")}</p> : <Disable onExpired={onExpired} onChanged={onChanged} />}
    </>
  );
}

function Disable({ onExpired, onChanged }: Omit<StandingProps, "view">) {
  const text = useText(sessionPhrases);
  const [password, setPassword] = useState("");
  const { busy, failure, run } = useDeed(onExpired);
  const disable = async (code: string) => {
    await call("/account/totp/disable", { method: "POST", body: { password, code } });
    onChanged();
  };
  return (
    <CodeForm
      testId="totp-disable"
      label={text("code.label")}
      submit={text("totp.disable")}
      busy={busy}
      failure={failure}
      onCode={(code) => run(() => disable(code))}
    >
      <PasswordField value={password} onChange={setPassword} />
    </CodeForm>
  );
}
