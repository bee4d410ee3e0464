import type { SessionView } from "@hotgrid/contracts";
import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { UnfinishedLogin } from "../session/unfinished-login.tsx";
import { type SessionControl, useSession } from "../session/use-session.ts";
import { LoginForm } from "./login-form.tsx";
import { Message } from "./message.tsx";
import { officerPhrases } from "./phrases.ts";
import { TicketsPage } from "./tickets-page.tsx";

export function OfficerApp() {
  const control = useSession();
  const { language } = useLanguage();
  const text = useText(officerPhrases);
  switch (control.state.kind) {
    case "unknown":
      return <Message busy title={text("loading")} />;
    case "failed":
      return (
        <Message
          title={describeError(control.state.error, language)}
          action={{ label: text("retry"), run: control.retry }}
        />
      );
    case "none":
      return (
        <>
          {control.state.ended ? <SessionEnded /> : null}
          <LoginForm login={control.login} signOn={control.state.signOn} />
        </>
      );
    case "unfinished":
      return <UnfinishedLogin next={control.state.next} control={control} />;
    case "open":
      return <Entered session={control.state.session} control={control} />;
  }
}

function Entered({ session, control }: { session: SessionView; control: SessionControl }) {
  const text = useText(officerPhrases);
  const { officerId } = session.account;
  if (officerId !== null) return <TicketsPage session={session} officerId={officerId} control={control} />;
  return (
    <Message title={text("officer.notAnOfficer")} action={{ label: text("logout"), run: () => void control.logout() }}>
      <a className="big-link" href="/">
        {text("officer.toConsole")}
      </a>
    </Message>
  );
}

function SessionEnded() {
  const text = useText(officerPhrases);
  return (
    <p className="connection connection-ended" role="alert" data-testid="session-ended">
      {text("error.session")}
    </p>
  );
}
