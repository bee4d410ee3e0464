import { Button, TextArea } from "antd-mobile";
import { type FormEvent, useState } from "react";
import { useText } from "../language/language-context.tsx";
import { actionOf, type SecondaryAction } from "./more-actions.tsx";
import { StepFailure, type StepProps } from "./next-step-panel.tsx";
import { officerPhrases } from "./phrases.ts";
import { ReceiverChoice } from "./receiver-choice.tsx";
import { VillageChoice } from "./village-choice.tsx";

export interface ReasonFormProps extends StepProps {
  readonly name: SecondaryAction;
  readonly done: () => void;
}

/** What follows, the reason, and whom or what it concerns. */
export function ReasonForm({ ticket, action, name, done }: ReasonFormProps) {
  const text = useText(officerPhrases);
  // At three in the morning "not mine" needs no more words; whoever has some writes them.
  const [note, setNote] = useState(name === "not-mine" ? text("action.not-mine") : "");
  const [chosen, setChosen] = useState<string | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const repeat = action.failure?.action === actionOf(name) ? action.retry : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name === "transfer" && chosen === null) return setMissing(text("form.officerMissing"));
    if (note.trim().length < 2) return setMissing(text("form.noteMissing"));
    setMissing(null);
    const body = bodyOf(name, note.trim(), chosen);
    if (await (repeat === null ? action.run(actionOf(name), body) : repeat())) done();
  };
  return (
    <form aria-label={text(`action.${name}`)} data-testid="reason-form" onSubmit={(event) => void submit(event)}>
      <h2>{text(`action.${name}`)}</h2>
      <p className="place-hint">{text(`${name}.follows`)}</p>
      {name === "transfer" ? <ReceiverChoice ticket={ticket} receiver={chosen} choose={setChosen} /> : null}
      {name === "not-mine" ? <VillageChoice ticket={ticket} village={chosen} choose={setChosen} /> : null}
      <label htmlFor="reason-note">{text("form.note")}</label>
      <TextArea
        id="reason-note"
        rows={3}
        maxLength={2000}
        placeholder={text("form.notePlaceholder")}
        value={note}
        onChange={setNote}
      />
      {missing === null ? null : (
        <p className="form-error" role="alert">
          {missing}
        </p>
      )}
      <StepFailure action={action} />
      <Button
        block
        color="primary"
        size="large"
        type="submit"
        loading={action.busy === actionOf(name)}
        data-testid="reason-submit"
      >
        {repeat === null ? text(`submit.${name}`) : text("retry")}
      </Button>
    </form>
  );
}

function bodyOf(name: SecondaryAction, note: string, chosen: string | null): Record<string, unknown> {
  if (name === "transfer") return { note, officerId: chosen };
  if (name === "not-mine") return { note, reason: "not-my-area", ...(chosen === null ? {} : { belongsTo: chosen }) };
  return { note };
}
