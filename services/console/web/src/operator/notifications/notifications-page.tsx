import { useText } from "../../language/language-context.tsx";
import { DeliveryLog } from "./delivery-log.tsx";
import { notificationPhrases } from "./phrases.ts";
import { SilenceList } from "./silence-list.tsx";

/** What is muted, and what was sent. */
export default function NotificationsPage() {
  const text = useText(notificationPhrases);
  return (
    <section className="list-page" aria-label={text("delivery.title")} data-testid="notifications-page">
      <SilenceList />
      <DeliveryLog />
    </section>
  );
}
