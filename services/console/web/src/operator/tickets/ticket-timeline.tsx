import type { TicketDetail } from "@hotgrid/contracts";
import { Timeline } from "antd";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { noteText } from "../../tickets/reason-text.ts";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";

/** Newest first: who said what, when. */
export function TicketTimeline({ history }: { history: TicketDetail["history"] }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { time } = useConsole();
  return (
    <section>
      <h3>{text("ticket.history")}</h3>
      <Timeline
        items={[...history].reverse().map((entry) => ({
          key: entry.revision,
          color: entry.to === "closed" ? "green" : entry.by === "system" ? "gray" : "blue",
          content: (
            <div data-testid="history-entry" data-action={entry.action}>
              <strong>{text(`action.${entry.action}`)}</strong>{" "}
              {entry.by === "system" ? text("ticket.system") : entry.byName}
              {entry.from === entry.to ? null : ` → ${text(`state.${entry.to}`)}`}
              <div className="hint">
                <time dateTime={entry.at}>{time.full(Date.parse(entry.at))}</time>
                {entry.by === "system" ? null : <span className="timeline-account">{entry.by}</span>}
                {entry.note === "" ? null : (
                  <span className="timeline-note">
                    {entry.by === "system" ? noteText(entry.note, language) : entry.note}
                  </span>
                )}
              </div>
            </div>
          ),
        }))}
      />
    </section>
  );
}
