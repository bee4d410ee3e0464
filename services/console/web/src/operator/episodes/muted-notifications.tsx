import type { MutedNotificationView } from "@hotgrid/contracts";
import { useLoaded } from "../../api/use-loaded.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { stepText } from "../notifications/known-phrase.ts";
import { notificationPhrases } from "../notifications/phrases.ts";
import { Failure } from "../shell/failure.tsx";

/** What a regional notice keeps from being told for now; nothing where it mutes nothing. */
export function MutedNotifications({ noticeId }: { noticeId: string }) {
  const text = useText(notificationPhrases);
  const { language } = useLanguage();
  const { navigation, time } = useConsole();
  const { data, error, reload } = useLoaded<{ items: readonly MutedNotificationView[] }>(
    `/episodes/${encodeURIComponent(noticeId)}/muted-notifications`,
  );
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (data === null || data.items.length === 0) return null;
  return (
    <section data-testid="muted-notifications">
      <h3>{text("delivery.muted", { n: data.items.length })}</h3>
      <ul className="lines">
        {data.items.map(({ id, at, step, ticketId, receiver, address }) => (
          <li key={id}>
            <time dateTime={at}>{time.short(Date.parse(at))}</time>
            <span>
              <button type="button" className="link" onClick={() => navigation.open("ticket", ticketId)}>
                {ticketId}
              </button>{" "}
              {stepText(step, language)} <span className="hint">{`${receiver} ${address}`}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
