import type { TicketHistoryEntry } from "@hotgrid/contracts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { noteText } from "../tickets/reason-text.ts";
import { useOfficer } from "./officer-context.ts";
import { officerPhrases } from "./phrases.ts";

type Entry = Omit<TicketHistoryEntry, "at"> & { readonly at: string };

/** Newest first: who said what, when. */
export function TicketHistory({ history }: { history: readonly Entry[] }) {
  const text = useText(officerPhrases);
  const { time } = useOfficer();
  return (
    <section>
      <h2>{text("ticket.history")}</h2>
      <ol className="history">
        {[...history].reverse().map((entry) => (
          <li key={entry.revision}>
            <time dateTime={entry.at}>{time.short(Date.parse(entry.at))}</time>
            <span>
              <strong>{text(`action.${entry.action}`)}</strong>{" "}
              {entry.by === "system" ? text("ticket.system") : entry.byName}
              <Note entry={entry} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Note({ entry }: { entry: Entry }) {
  const { language } = useLanguage();
  if (entry.note === "") return null;
  return entry.by === "system" ? (
    <span className="history-reason">{noteText(entry.note, language)}</span>
  ) : (
    <q>{entry.note}</q>
  );
}
