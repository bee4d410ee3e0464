import { type FormEvent, type ReactNode, useId, useState } from "react";

export interface CodeFormProps {
  readonly testId: string;
  readonly label: string;
  readonly submit: string;
  readonly busy: boolean;
  readonly failure: string | null;
  readonly onCode: (code: string) => void;
  readonly children?: ReactNode;
}

/** One field for a code and what is done with it. */
export function CodeForm({ testId, label, submit, busy, failure, onCode, children }: CodeFormProps) {
  const id = useId();
  const [code, setCode] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!busy && code.trim() !== "") onCode(code.trim());
  };
  return (
    <form className="code-form" data-testid={testId} onSubmit={send}>
      {children}
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={40}
        required
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <p className="session-failure" role="alert">
        {failure}
      </p>
      <button type="submit" className="session-button" disabled={busy} data-testid={`${testId}-submit`}>
        {submit}
      </button>
    </form>
  );
}
