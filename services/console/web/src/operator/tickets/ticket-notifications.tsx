import type { TicketNotificationView } from "@hotgrid/contracts";
import { Button, Spin, Tag } from "antd";
import { useEffect, useState } from "react";
import { useLoaded } from "../../api/use-loaded.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { stepText, whyText } from "../notifications/known-phrase.ts";
import { Attempts, MessageState } from "../notifications/message-attempts.tsx";
import { notificationPhrases } from "../notifications/phrases.ts";
import { Failure } from "../shell/failure.tsx";

/** Who was told of the ticket, by what, and why somebody was not; asked for when somebody wants to know. */
export function TicketNotifications({ ticketId, revision }: { ticketId: string; revision: number }) {
  const text = useText(notificationPhrases);
  const [wanted, setWanted] = useState(false);
  return (
    <section data-testid="ticket-notifications">
      <h3>{text("delivery.ofTicket")}</h3>
      {wanted ? (
        <Items ticketId={ticketId} revision={revision} />
      ) : (
        <Button size="small" data-testid="ticket-notifications-show" onClick={() => setWanted(true)}>
          {text("delivery.show")}
        </Button>
      )}
    </section>
  );
}

function Items({ ticketId, revision }: { ticketId: string; revision: number }) {
  const text = useText(notificationPhrases);
  const { data, error, reload } = useLoaded<{ items: readonly TicketNotificationView[] }>(
    `/tickets/${encodeURIComponent(ticketId)}/notifications`,
  );
  // Each step of the ticket may be news for somebody.
  useEffect(() => {
    if (revision > 0) reload();
  }, [revision, reload]);
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (data === null) return <Spin />;
  if (data.items.length === 0) return <p className="hint">{text("delivery.noneOfTicket")}</p>;
  return (
    <ul className="lines">
      {data.items.map((item) => (
        <Item key={item.id} item={item} />
      ))}
    </ul>
  );
}

function Item({ item }: { item: TicketNotificationView }) {
  const text = useText(notificationPhrases);
  const { language } = useLanguage();
  const { time } = useConsole();
  const { at, step, receiver, address, state, reason, message } = item;
  return (
    <li data-testid="ticket-notification" data-state={message?.state ?? state}>
      <time dateTime={at}>{time.short(Date.parse(at))}</time>
      <div>
        <strong>{stepText(step, language)}</strong> {receiver} {address}
        {message === null ? (
          <div>
            <Tag>{text(`item.${state}`)}</Tag>
            <span className="hint">{whyText(reason, language)}</span>
          </div>
        ) : (
          <>
            <MessageState message={message} />
            <Attempts message={message} />
          </>
        )}
      </div>
    </li>
  );
}
