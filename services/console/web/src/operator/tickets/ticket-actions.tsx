import type { TicketAction, TicketView } from "@hotgrid/contracts";
import { Alert, Button } from "antd";
import { useRef, useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useTicketAction } from "../../tickets/use-ticket-action.ts";
import { operatorPhrases } from "../phrases.ts";
import { ActionForm } from "./action-form.tsx";
import { orderedActions } from "./ordered-actions.ts";
import { type Undo, undoOf } from "./undo-of.ts";

interface Done {
  readonly action: TicketAction;
  readonly undo: Undo | null;
}

/** Everything that this account may do now; each opens its form, which says what follows. */
export function TicketActions({ ticket, onDone }: { ticket: TicketView; onDone: (ticket: TicketView) => void }) {
  const text = useText(operatorPhrases);
  const [chosen, setChosen] = useState<TicketAction | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const answered = useRef(ticket);
  const control = useTicketAction(ticket, (after) => {
    answered.current = after;
    onDone(after);
  });
  const close = (succeeded: boolean) => {
    if (succeeded && chosen !== null) {
      const note = text("undo.note", { action: text(`action.${chosen}`) });
      setDone({ action: chosen, undo: undoOf(chosen, ticket, answered.current, note) });
    }
    setChosen(null);
    control.clear();
  };
  const undo = async ({ action, body }: Undo) => {
    if (await control.run(action, body)) setDone({ action, undo: null });
  };
  return (
    <>
      {done === null ? null : <DoneLine done={done} undo={undo} busy={control.busy !== null} />}
      {chosen === null ? <UndoFailure error={control.failure?.error ?? null} /> : null}
      <Buttons ticket={ticket} choose={setChosen} />
      {chosen === null ? null : (
        <ActionForm key={chosen} ticket={ticket} action={chosen} control={control} close={close} />
      )}
    </>
  );
}

function Buttons({ ticket, choose }: { ticket: TicketView; choose: (action: TicketAction) => void }) {
  const text = useText(operatorPhrases);
  const { next, others, grave } = orderedActions(ticket);
  if (next === null && others.length + grave.length === 0) return <p className="hint">{text("ticket.noActions")}</p>;
  const button = (action: TicketAction, props: { type?: "primary"; danger?: boolean }) => (
    <Button key={action} {...props} data-testid={`action-${action}`} onClick={() => choose(action)}>
      {text(`action.${action}`)}
    </Button>
  );
  return (
    <fieldset className="ticket-actions">
      <legend className="visually-hidden">{text("ticket.actions")}</legend>
      {next === null ? null : button(next, { type: "primary" })}
      {others.map((action) => button(action, {}))}
      {grave.map((action) => button(action, { danger: true }))}
    </fieldset>
  );
}

interface DoneLineProps {
  readonly done: Done;
  readonly undo: (undo: Undo) => Promise<void>;
  readonly busy: boolean;
}

function DoneLine({ done, undo, busy }: DoneLineProps) {
  const text = useText(operatorPhrases);
  const back = done.undo;
  return (
    <Alert
      type="success"
      showIcon
      role="status"
      data-testid="action-done"
      data-action={done.action}
      title={text("form.done", { action: text(`action.${done.action}`) })}
      action={
        back === null ? null : (
          <Button size="small" loading={busy} data-testid="action-undo" onClick={() => void undo(back)}>
            {text("undo")}
          </Button>
        )
      }
    />
  );
}

function UndoFailure({ error }: { error: unknown }) {
  const { language } = useLanguage();
  return error === null ? null : <Alert type="error" showIcon title={describeError(error, language)} />;
}
