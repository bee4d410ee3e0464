import { useId } from "react";
import { useText } from "../language/language-context.tsx";
import { sessionPhrases } from "./session-phrases.ts";

export function PasswordField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const id = useId();
  const text = useText(sessionPhrases);
  return (
    <>
      <label htmlFor={id}>{text("totp.password")}</label>
      <input
        id={id}
        name="password"
        type="password"
        autoComplete="current-password"
        maxLength={200}
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </>
  );
}
