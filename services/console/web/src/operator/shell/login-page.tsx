import { Alert, Button, Card, Form, Input } from "antd";
import { useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { SignOnChoice } from "../../session/sign-on-choice.tsx";
import type { SignOnFailure } from "../../session/sign-on-outcome.ts";
import { operatorPhrases } from "../phrases.ts";
import { LanguageButton } from "./language-button.tsx";

interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface LoginPageProps {
  readonly login: (username: string, password: string) => Promise<void>;
  /** Why a single sign-on has just failed. */
  readonly signOn: SignOnFailure | null;
}

export function LoginPage({ login, signOn }: LoginPageProps) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const submit = ({ username, password }: Credentials) => {
    setBusy(true);
    setError(null);
    // On success this page is gone: only a failure has something left to show.
    login(username.trim(), password).catch((reason: unknown) => {
      setError(reason);
      setBusy(false);
    });
  };
  return (
    <main className="login">
      <Card className="login-card" extra={<LanguageButton />} title={<LoginTitle name={text("app.name")} />}>
        <Form<Credentials>
          layout="vertical"
          size="large"
          requiredMark={false}
          onFinish={submit}
          data-testid="login-form"
          aria-label={text("login.title")}
        >
          <Form.Item
            name="username"
            label={text("login.username")}
            rules={[{ required: true, message: text("login.required") }]}
          >
            <Input autoComplete="username" autoCapitalize="none" maxLength={64} autoFocus />
          </Form.Item>
          <Form.Item
            name="password"
            label={text("login.password")}
            rules={[{ required: true, message: text("login.required") }]}
          >
            <Input.Password autoComplete="current-password" maxLength={200} />
          </Form.Item>
          {error === null ? null : (
            <Alert type="error" showIcon title={describeError(error, language)} className="login-error" />
          )}
          <Button block type="primary" htmlType="submit" loading={busy} data-testid="login-submit">
            {text("login.submit")}
          </Button>
        </Form>
        <SignOnChoice page="operator" failed={signOn} />
      </Card>
    </main>
  );
}

function LoginTitle({ name }: { name: string }) {
  return (
    <h1 className="brand">
      <img src="/icon.svg" alt="" width="28" height="28" /> {name}
    </h1>
  );
}
