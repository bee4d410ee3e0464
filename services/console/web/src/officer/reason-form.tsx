import type { OfficerView } from "@hotgrid/contracts";
import { Button, Selector, TextArea } from "antd-mobile";
import { useCallback, useEffect, useState } from "react";
import { describeError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import type { SecondaryAction } from "./more-actions.tsx";
import type { StepProps } from "./next-step-panel.tsx";
import { StepFailure } from "./next-step-panel.tsx";
import { officerPhrases } from "./phrases.ts";

export interface ReasonFormProps extends StepProps {
  readonly name: SecondaryAction;
  readonly done: () => void;
}

export function ReasonForm({ ticket, action, name, done }: ReasonFormProps) {
  const text = useText(officerPhrases);
  const [note, setNote] = useState("");
  const [receiver, setReceiver] = useState<string | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const repeat = action.failure?.action === name ? action.retry : null;

  const submit = async () => {
    if (name === "transfer" && receiver === null) return setMissing(text("form.officerMissing"));
    if (note.trim().length < 2) return setMissing(text("form.noteMissing"));
    setMissing(null);
    const body = name === "transfer" ? { note: note.trim(), officerId: receiver } : { note: note.trim() };
    if (await (repeat === null ? action.run(name, body) : repeat())) done();
  };
  return (
    <form
      aria-label={text(`action.${name}`)}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2>{text(`action.${name}`)}</h2>
      {name === "transfer" ? <Receivers ticket={ticket} receiver={receiver} choose={setReceiver} /> : null}
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
        loading={action.busy === name}
        data-testid="reason-submit"
      >
        {repeat === null ? text(`action.${name}`) : text("retry")}
      </Button>
    </form>
  );
}

interface ReceiversProps extends Pick<ReasonFormProps, "ticket"> {
  readonly receiver: string | null;
  readonly choose: (officerId: string | null) => void;
}

/** Those of the same town, without the holder. */
function Receivers({ ticket, receiver, choose }: ReceiversProps) {
  const text = useText(officerPhrases);
  const { language } = useLanguage();
  const [officers, setOfficers] = useState<readonly OfficerView[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const town = ticket.division.slice(0, 9);
  const load = useCallback(() => {
    setError(null);
    call<{ items: readonly OfficerView[] }>(`/officers?division=${town}`).then(
      ({ items }) => setOfficers(items),
      setError,
    );
  }, [town]);
  useEffect(load, [load]);
  if (error !== null)
    return (
      <p className="form-error" role="alert">
        {describeError(error, language)}{" "}
        <button type="button" className="text-button" onClick={load}>
          {text("retry")}
        </button>
      </p>
    );
  if (officers === null) return <p role="status">{text("loading")}</p>;
  const others = officers.filter(({ id }) => id !== ticket.officerId);
  if (others.length === 0) return <p role="status">{text("form.noOfficers")}</p>;
  return (
    <>
      <h3>{text("form.officer")}</h3>
      <div className="receivers">
        <Selector
          columns={2}
          options={others.map(({ id, name, divisionName }) => ({ value: id, label: name, description: divisionName }))}
          value={receiver === null ? [] : [receiver]}
          onChange={([value]) => choose(value ?? null)}
        />
      </div>
    </>
  );
}
