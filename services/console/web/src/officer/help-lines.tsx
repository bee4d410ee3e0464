import type { DutyView, TicketView } from "@hotgrid/contracts";
import { Button } from "antd-mobile";
import { useState } from "react";
import { useLoaded } from "../api/use-loaded.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { reasonPhrases } from "../tickets/reason-phrases.ts";
import { routingText } from "../tickets/reason-text.ts";
import { LoadFailure } from "./load-failure.tsx";
import { officerPhrases } from "./phrases.ts";

/** Whom to call at night: who is on duty now for the place at each level above, and for its devices. Asked for when
 *  somebody needs it. */
export function HelpLines({ ticket }: { ticket: TicketView }) {
  const text = useText(officerPhrases);
  const [wanted, setWanted] = useState(false);
  return (
    <section data-testid="help-lines">
      <h2>{text("help.title")}</h2>
      {wanted ? (
        <Lines ticket={ticket} />
      ) : (
        <Button block size="large" data-testid="help-show" onClick={() => setWanted(true)}>
          {text("help.show")}
        </Button>
      )}
    </section>
  );
}

function Lines({ ticket }: { ticket: TicketView }) {
  const text = useText(officerPhrases);
  const words = useText(reasonPhrases);
  const { language } = useLanguage();
  const { data, error, reload } = useLoaded<DutyView>(`/duty?division=${ticket.division}`);
  if (error !== null) return <LoadFailure error={error} retry={reload} />;
  if (data === null) return <p role="status">{text("loading")}</p>;
  const above = [...data.levels]
    .reverse()
    .flatMap(({ officer, reason }) =>
      officer === null || officer.id === ticket.officerId ? [] : [{ ...officer, what: routingText(reason, language) }],
    );
  const vendor = data.vendor === null ? [] : [{ ...data.vendor, what: words("routing.maintenance-vendor") }];
  return (
    <ul className="help-lines">
      {[...above, ...vendor].map(({ id, name, phone, what }) => (
        <li key={`${id} ${what}`}>
          <span>
            <strong>{name}</strong>
            <small>{what}</small>
          </span>
          <a className="call" href={`tel:${phone}`} aria-label={`${text("ticket.call", { phone })} ${name}`}>
            {phone}
          </a>
        </li>
      ))}
    </ul>
  );
}
