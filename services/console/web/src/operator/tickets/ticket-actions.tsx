import { TICKET_ACTIONS, type TicketAction, type TicketView } from "@hotgrid/contracts";
import { App, Button } from "antd";
import { useState } from "react";
import { useText } from "../../language/language-context.tsx";
import { useTicketAction } from "../../tickets/use-ticket-action.ts";
import { operatorPhrases } from "../phrases.ts";
import { ActionForm } from "./action-form.tsx";

/** Everything that this account may do now; each opens its form. */
export function TicketActions({ ticket, onDone }: { ticket: TicketView; onDone: (ticket: TicketView) => void }) {
  const text = useText(operatorPhrases);
  const { message } = App.useApp();
  const [chosen, setChosen] = useState<TicketAction | null>(null);
  const control = useTicketAction(ticket, onDone);
  const allowed = TICKET_ACTIONS.filter((action) => ticket.actions.includes(action));
  if (allowed.length === 0) return <p className="hint">{text("ticket.noActions")}</p>;
  const close = (done: boolean) => {
    if (done && chosen !== null) void message.success(text("form.done", { action: text(`action.${chosen}`) }));
    setChosen(null);
    control.clear();
  };
  return (
    <fieldset className="ticket-actions">
      <legend className="visually-hidden">{text("ticket.actions")}</legend>
      {allowed.map((action, index) => (
        <Button
          key={action}
          type={index === 0 ? "primary" : "default"}
          data-testid={`action-${action}`}
          onClick={() => setChosen(action)}
        >
          {text(`action.${action}`)}
        </Button>
      ))}
      {chosen === null ? null : (
        <ActionForm key={chosen} ticket={ticket} action={chosen} control={control} close={close} />
      )}
    </fieldset>
  );
}
