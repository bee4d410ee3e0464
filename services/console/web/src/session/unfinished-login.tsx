import type { UnfinishedLogin as Unfinished } from "@hotgrid/contracts";
import { useCallback } from "react";
import { useText } from "../language/language-context.tsx";
import { CodeForm } from "./code-form.tsx";
import { sessionPhrases } from "./session-phrases.ts";
import { TotpEnrolmentSteps } from "./totp-enrolment-steps.tsx";
import { useDeed } from "./use-deed.ts";
import type { SessionControl } from "./use-session.ts";
import "./session.css";

/** The login after the password: a code of the app, or the enrolment of one. On both pages. */
export function UnfinishedLogin({ next, control }: { next: Unfinished["next"]; control: SessionControl }) {
  const text = useText(sessionPhrases);
  return (
    <main className="session-step">
      {next === "second-factor" ? (
        <SecondFactor control={control} />
      ) : (
        <>
          <h1>{text("totp.title")}</h1>
          <p>{text("totp.required")}</p>
          <TotpEnrolmentSteps needsPassword={false} onExpired={control.expire} onDone={control.retry} />
        </>
      )}
      <GiveUp control={control} />
    </main>
  );
}

function SecondFactor({ control }: { control: SessionControl }) {
  const text = useText(sessionPhrases);
  const { busy, failure, run } = useDeed(control.expire);
  return (
    <CodeForm
      testId="second-factor"
      label={text("code.label")}
      submit={text("code.submit")}
      busy={busy}
      failure={failure}
      onCode={(code) => run(() => control.secondFactor(code))}
    >
      <h1>{text("code.title")}</h1>
      <p>{text("code.hint")}</p>
    </CodeForm>
  );
}

function GiveUp({ control }: { control: SessionControl }) {
  const text = useText(sessionPhrases);
  const { logout, expire } = control;
  // Whatever the server says: what is left of that login ends by itself within minutes.
  const giveUp = useCallback(() => void logout().catch(expire), [logout, expire]);
  return (
    <button type="button" className="session-link" onClick={giveUp}>
      {text("code.giveUp")}
    </button>
  );
}
