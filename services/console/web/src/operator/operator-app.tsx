import type { SessionView } from "@hotgrid/contracts";
import { Alert, App, Button, ConfigProvider, Result, Spin, theme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useEffect } from "react";
import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { UnfinishedLogin } from "../session/unfinished-login.tsx";
import { type SessionControl, useSession } from "../session/use-session.ts";
import { ConsolePage } from "./console-page.tsx";
import { InspectorGate } from "./inspection/inspector-gate.tsx";
import { operatorPhrases } from "./phrases.ts";
import { useDarkScheme } from "./shell/dark-scheme.ts";
import { LoginPage } from "./shell/login-page.tsx";

export function OperatorApp() {
  return (
    <Themed>
      <Gate control={useSession()} />
    </Themed>
  );
}

function Themed({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  const dark = useDarkScheme();
  return (
    <ConfigProvider
      locale={language === "zh" ? zhCN : enUS}
      theme={{
        algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: { ...(dark ? DARK : LIGHT), fontFamily: "var(--font)", borderRadius: 8 },
        components: {
          Descriptions: { labelColor: "var(--ink-soft)" },
          ...(dark ? { Button: { dangerColor: "#141414" } } : {}),
        },
      }}
    >
      <App className="app">{children}</App>
    </ConfigProvider>
  );
}

/** Text on its ground has a contrast of at least 4.5 (WCAG 2.1, 1.4.3): antd's own colours fall short in places. */
const LIGHT = {
  ...{ colorPrimary: "#0b5cab", colorLink: "#0b5cab", colorLinkHover: "#084480", colorError: "#c81e1e" },
  ...{ colorTextPlaceholder: "#6b7280", colorTextDescription: "#4a5361", colorTextTertiary: "#4a5361" },
} as const;
const DARK = {
  ...{ colorPrimary: "#2377c8", colorLink: "#6cb0f2", colorLinkHover: "#9cccf8" },
  ...{ colorError: "#f5716c", colorTextPlaceholder: "#8b95a3" },
  ...{ colorTextDescription: "#b3bdca", colorTextTertiary: "#b3bdca" },
} as const;

function Gate({ control }: { control: SessionControl }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { state } = control;
  switch (state.kind) {
    case "unknown":
      return <Spin fullscreen description={text("loading")} />;
    case "failed":
      return (
        <Result
          status="warning"
          title={describeError(state.error, language)}
          extra={
            <Button type="primary" onClick={control.retry}>
              {text("retry")}
            </Button>
          }
        />
      );
    case "none":
      return (
        <>
          {state.ended ? (
            <Alert banner type="warning" title={text("error.session")} data-testid="session-ended" />
          ) : null}
          <LoginPage login={control.login} signOn={state.signOn} />
        </>
      );
    case "unfinished":
      return <UnfinishedLogin next={state.next} control={control} />;
    case "open":
      return <Entered session={state.session} control={control} />;
  }
}

function Entered({ session, control }: { session: SessionView; control: SessionControl }) {
  const page = <ConsolePage session={session} control={control} />;
  switch (session.account.role) {
    case "officer":
      return <ToOfficerPage />;
    case "inspector":
      return <InspectorGate logout={control.logout}>{page}</InspectorGate>;
    default:
      return page;
  }
}

/** An officer's page is another one. */
function ToOfficerPage() {
  useEffect(() => location.replace("/officer"), []);
  return null;
}
