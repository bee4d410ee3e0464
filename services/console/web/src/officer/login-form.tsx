import { Button, Input } from "antd-mobile";
import { type FormEvent, useState } from "react";
import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { SignOnChoice } from "../session/sign-on-choice.tsx";
import type { SignOnFailure } from "../session/sign-on-outcome.ts";
import { LanguageButton } from "./language-button.tsx";
import { officerPhrases } from "./phrases.ts";

export interface LoginFormProps {
  readonly login: (username: string, password: string) => Promise<void>;
  /** Why a single sign-on has just failed. */
  readonly signOn: SignOnFailure | null;
}

export function LoginForm({ login, signOn }: LoginFormProps) {
  const text = useText(officerPhrases);
  const { language } = useLanguage();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (username.trim() === "" || password === "") return setFailure(text("login.required"));
    setBusy(true);
    setFailure(null);
    // On success this form is gone: only a failure has something left to show.
    login(username.trim(), password).catch((error: unknown) => {
      setFailure(describeError(error, language));
      setBusy(false);
    });
  };

  return (
    <main className="login">
      <div className="login-top">
        <LanguageButton />
      </div>
      <img src="/icon.svg" alt="" width="64" height="64" />
      <h1>{text("app.name")}</h1>
      <form data-testid="login-form" onSubmit={submit} aria-label={text("login.title")}>
        <label htmlFor="username">{text("login.username")}</label>
        <Input
          id="username"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          maxLength={64}
          value={username}
          onChange={setUsername}
        />
        <label htmlFor="password">{text("login.password")}</label>
        <Input
          id="password"
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={200}
          value={password}
          onChange={setPassword}
        />
        <p className="form-error" role="alert">
          {failure}
        </p>
        <Button block color="primary" size="large" type="submit" loading={busy} data-testid="login-submit">
          {text("login.submit")}
        </Button>
      </form>
      <SignOnChoice page="officer" failed={signOn} />
    </main>
  );
}
