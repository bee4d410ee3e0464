import { useState } from "react";
import { useText } from "../language/language-context.tsx";
import { sessionPhrases } from "../session/session-phrases.ts";
import { TotpDialog } from "../session/totp-dialog.tsx";
import { useOfficer } from "./officer-context.ts";

/** The officer's own login: one-time codes on and off. */
export function SecurityButton() {
  const text = useText(sessionPhrases);
  const { expire } = useOfficer();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="text-button" data-testid="security" onClick={() => setOpen(true)}>
        {text("totp.open")}
      </button>
      {open ? <TotpDialog onClose={() => setOpen(false)} onExpired={expire} /> : null}
    </>
  );
}
