import type { InspectionState, TicketView } from "@hotgrid/contracts";
import { Button, Empty, Segmented, Spin } from "antd";
import { useEffect, useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import type { TicketChange } from "../../tickets/ticket-change.ts";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { Failure } from "../shell/failure.tsx";
import { inspectionPhrases } from "./phrases.ts";

const STATES = ["pending", "passed", "failed", "lapsed"] as const satisfies readonly InspectionState[];

/** The inspectors' list, and what became of what was on it. */
export function InspectionTickets() {
  const text = useText(inspectionPhrases);
  const words = useText(operatorPhrases);
  const { changes } = useConsole();
  const [inspection, setInspection] = useState<InspectionState>("pending");
  const { items, error, busy, more, reload } = usePages<TicketView>("/tickets", { inspection });
  useEffect(() => {
    const onChange = ({ ticket }: TicketChange) => (ticket.inspection ? reload() : undefined);
    return changes.subscribe({ onChange, onGap: reload });
  }, [changes, reload]);
  return (
    <>
      <Segmented<InspectionState>
        className="choice"
        value={inspection}
        onChange={setInspection}
        options={STATES.map((value) => ({ value, label: text(`inspection.state.${value}`) }))}
      />
      {error === null ? null : <Failure error={error} retry={reload} />}
      {busy && items.length === 0 ? <Spin /> : null}
      {!busy && error === null && items.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text("inspection.none")} />
      ) : null}
      <ul className="cards">
        {items.map((ticket) => (
          <InspectionCard key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      {more === null ? null : (
        <Button block loading={busy} onClick={more}>
          {words("list.more")}
        </Button>
      )}
    </>
  );
}

function InspectionCard({ ticket }: { ticket: TicketView }) {
  const text = useText(inspectionPhrases);
  const { language } = useLanguage();
  const { navigation, time } = useConsole();
  const { inspection } = ticket;
  if (!inspection) return null;
  const at = (iso: string | null) => (iso === null ? "" : time.short(Date.parse(iso)));
  const mayInspect = ticket.actions.includes("inspect");
  return (
    <li className="card" data-testid="inspection" data-ticket-id={ticket.id} data-state={inspection.state}>
      <strong>{ticket.title[language]}</strong>
      <p className="hint">{ticket.divisionNames.join(" ")}</p>
      <p className="hint">
        {text("inspection.closed", {
          at: at(ticket.closedAt ?? inspection.chosenAt),
          reason: text(`inspection.reason.${inspection.reason}`),
        })}
      </p>
      {inspection.note === null ? null : <q>{inspection.note}</q>}
      {inspection.plan === null ? null : <p>{text("inspection.plan", { plan: inspection.plan })}</p>}
      {inspection.byName === null ? null : (
        <p className="hint">{text("inspection.by", { name: inspection.byName, at: at(inspection.at) })}</p>
      )}
      <div className="ticket-links">
        <Button type={mayInspect ? "primary" : "default"} onClick={() => navigation.open("ticket", ticket.id)}>
          {text(mayInspect ? "inspection.inspect" : "inspection.open")}
        </Button>
      </div>
    </li>
  );
}
