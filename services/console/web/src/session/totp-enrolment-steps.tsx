import type { RecoveryCodes, TotpEnrolment } from "@hotgrid/contracts";
import { useState } from "react";
import { call } from "../api/call.ts";
import { useText } from "../language/language-context.tsx";
import { CodeForm } from "./code-form.tsx";
import { PasswordField } from "./password-field.tsx";
import { sessionPhrases } from "./session-phrases.ts";
import { useDeed } from "./use-deed.ts";

export interface TotpEnrolmentStepsProps {
  /** A login that is at its enrolment has just given it. */
  readonly needsPassword: boolean;
  readonly onExpired: () => void;
  readonly onDone: () => void;
}

/** Secret, first code, recovery codes: one after the other. */
export function TotpEnrolmentSteps({ needsPassword, onExpired, onDone }: TotpEnrolmentStepsProps) {
  const [enrolment, setEnrolment] = useState<TotpEnrolment | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  if (codes !== null) return <Codes codes={codes} onDone={onDone} />;
  if (enrolment !== null) return <Confirm enrolment={enrolment} onExpired={onExpired} onCodes={setCodes} />;
  return <Begin needsPassword={needsPassword} onExpired={onExpired} onBegun={setEnrolment} />;
}

interface BeginProps {
  readonly needsPassword: boolean;
  readonly onExpired: () => void;
  readonly onBegun: (enrolment: TotpEnrolment) => void;
}
function Begin({ needsPassword, onExpired, onBegun }: BeginProps) {
  const text = useText(sessionPhrases);
  const [password, setPassword] = useState("");
  const { busy, failure, run } = useDeed(onExpired);
  const begin = async () => {
    const body = needsPassword ? { password } : {};
    onBegun(await call<TotpEnrolment>("/account/totp", { method: "POST", body }));
  };
  return (
    <form
      className="code-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) run(begin);
      }}
    >
      {needsPassword ? <PasswordField value={password} onChange={setPassword} /> : null}
      <p className="session-failure" role="alert">
        {failure}
      </p>
      <button type="submit" className="session-button" disabled={busy} data-testid="totp-begin">
        {text("totp.begin")}
      </button>
    </form>
  );
}

interface ConfirmProps {
  readonly enrolment: TotpEnrolment;
  readonly onExpired: () => void;
  readonly onCodes: (codes: readonly string[]) => void;
}
function Confirm({ enrolment, onExpired, onCodes }: ConfirmProps) {
  const text = useText(sessionPhrases);
  const { busy, failure, run } = useDeed(onExpired);
  const confirm = async (code: string) => {
    const answer = await call<RecoveryCodes>("/account/totp/confirm", { method: "POST", body: { code } });
    onCodes(answer.recoveryCodes);
  };
  return (
    <CodeForm
      testId="totp-confirm"
      label={text("code.six")}
      submit={text("totp.confirm")}
      busy={busy}
      failure={failure}
      onCode={(code) => run(() => confirm(code))}
    >
      <p>{text("totp.scan")}</p>
      <img
        className="totp-qr"
        alt={text("totp.qr")}
        src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(enrolment.qr)}`}
      />
      <a href={enrolment.uri}>{text("totp.onThisPhone")}</a>
      <p>{text("totp.secret")}</p>
      <code data-testid="totp-secret">{enrolment.secret}</code>
    </CodeForm>
  );
}

function Codes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = useText(sessionPhrases);
  return (
    <section className="code-form">
      <p>{text("totp.codes")}</p>
      <ul className="recovery-codes" data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <button type="button" className="session-button" onClick={onDone} data-testid="totp-kept">
        {text("totp.kept")}
      </button>
    </section>
  );
}
