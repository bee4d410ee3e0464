import type { TicketHistoryEntry } from "@hotgrid/contracts";
import { useText } from "../language/language-context.tsx";
import { useOfficer } from "./officer-context.ts";
import { officerPhrases } from "./phrases.ts";

type Entry = Omit<TicketHistoryEntry, "at"> & { readonly at: string };

/** Newest first. Notes of the system are names for machines and stay out. */
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
              {entry.by === "system" || entry.note === "" ? null : <q>{entry.note}</q>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
