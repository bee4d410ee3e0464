import type { DemoClockView } from "@hotgrid/contracts";
import { App, Badge, Button, Dropdown, Tag } from "antd";
import { useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import type { ConnectionState } from "../../live/event-stream.ts";
import { sessionPhrases } from "../../session/session-phrases.ts";
import { TotpDialog } from "../../session/totp-dialog.tsx";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { AlertCounts } from "./alert-counts.tsx";
import { ClockPanel } from "./clock-panel.tsx";
import { LanguageButton } from "./language-button.tsx";

export interface HeaderProps {
  readonly connection: ConnectionState;
  readonly takeClock: (view: DemoClockView) => void;
  readonly logout: () => Promise<void>;
}

export function Header({ connection, takeClock, logout }: HeaderProps) {
  const text = useText(operatorPhrases);
  const { session } = useConsole();
  return (
    <header className="header">
      <h1 className="brand">
        <img src="/icon.svg" alt="" width="24" height="24" />
        <span className="brand-city">{session.cityName}</span>
        <span className="brand-name">{text("app.name")}</span>
      </h1>
      <ClockPanel takeClock={takeClock} />
      <Connection state={connection} />
      <AlertCounts />
      <div className="header-end">
        <LanguageButton />
        <Account logout={logout} />
      </div>
    </header>
  );
}

const BADGES = { connecting: "processing", live: "success", lost: "error", ended: "default" } as const;

function Connection({ state }: { state: ConnectionState }) {
  const text = useText(operatorPhrases);
  return (
    <span role="status" className="connection" data-testid="connection" data-state={state}>
      <Badge status={BADGES[state]} text={text(`connection.${state}`)} />
    </span>
  );
}

function Account({ logout }: { logout: () => Promise<void> }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const { session } = useConsole();
  const ownText = useText(sessionPhrases);
  const [guarding, setGuarding] = useState(false);
  const leave = () => logout().catch((error: unknown) => void message.error(describeError(error, language)));
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            {
              key: "who",
              disabled: true,
              label: <AccountLine name={session.account.id} division={session.divisionName} />,
            },
            {
              key: "security",
              label: <span data-testid="security">{ownText("totp.open")}</span>,
              onClick: () => setGuarding(true),
            },
            { key: "logout", label: <span data-testid="logout">{text("logout")}</span>, onClick: () => void leave() },
          ],
        }}
      >
        <Button type="text" aria-label={`${text("account")} ${session.account.name}`} data-testid="account">
          {session.account.name}
        </Button>
      </Dropdown>
      {guarding ? <TotpDialog onClose={() => setGuarding(false)} onExpired={() => location.reload()} /> : null}
    </>
  );
}

function AccountLine({ name, division }: { name: string; division: string }) {
  return (
    <>
      {name} <Tag>{division}</Tag>
    </>
  );
}
