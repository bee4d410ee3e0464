import type { FeedbackCause, TicketView } from "@hotgrid/contracts";
import { Button, Selector, TextArea } from "antd-mobile";
import { useState } from "react";
import { useText } from "../language/language-context.tsx";
import { TicketPhotos } from "../tickets/ticket-photos.tsx";
import type { TicketActionControl } from "../tickets/use-ticket-action.ts";
import { StepFailure } from "./next-step-panel.tsx";
import { officerPhrases } from "./phrases.ts";
import { Sheet } from "./sheet.tsx";

/** Most frequent in a village first. */
const CAUSES = [
  "burning",
  "construction",
  "road-dust",
  "industry",
  "cooking",
  "fireworks",
  "vehicles",
  "device",
  "not-found",
  "other",
] as const satisfies readonly FeedbackCause[];

const NOTE_LIMIT = 2000;

export interface FeedbackSheetProps {
  readonly ticket: TicketView;
  readonly visible: boolean;
  readonly close: () => void;
  readonly action: TicketActionControl;
}

/** What was written stays when the sheet is closed or the network fails. */
export function FeedbackSheet({ ticket, visible, close, action }: FeedbackSheetProps) {
  const text = useText(officerPhrases);
  const [cause, setCause] = useState<FeedbackCause | null>(null);
  const [note, setNote] = useState("");
  const [missing, setMissing] = useState(false);

  const submit = async () => {
    if (cause === null || note.trim().length < 2) return setMissing(true);
    setMissing(false);
    if (await action.run("feedback", { cause, note: note.trim() })) close();
  };
  return (
    <Sheet visible={visible} close={close} label={text("feedback.title")} testId="feedback-form" keep>
      <h2>{text("feedback.title")}</h2>
      <h3>{text("feedback.cause")}</h3>
      <Selector
        columns={3}
        options={CAUSES.map((value) => ({ value, label: text(`cause.${value}`) }))}
        value={cause === null ? [] : [cause]}
        onChange={([value]) => setCause(value ?? null)}
      />
      <label htmlFor="feedback-note">{text("feedback.note")}</label>
      <TextArea
        id="feedback-note"
        rows={3}
        maxLength={NOTE_LIMIT}
        placeholder={text("feedback.notePlaceholder")}
        value={note}
        onChange={setNote}
      />
      <TicketPhotos ticket={ticket} />
      {missing ? (
        <p className="form-error" role="alert">
          {text("feedback.missing")}
        </p>
      ) : null}
      <StepFailure action={action} />
      <Button
        block
        color="primary"
        size="large"
        data-testid="feedback-submit"
        loading={action.busy === "feedback"}
        onClick={() =>
          void (action.failure?.action === "feedback" && action.retry ? retryAndClose(action.retry, close) : submit())
        }
      >
        {action.failure?.action === "feedback" && action.retry ? text("retry") : text("feedback.submit")}
      </Button>
      <Button block fill="none" size="large" onClick={close}>
        {text("cancel")}
      </Button>
    </Sheet>
  );
}

async function retryAndClose(retry: () => Promise<boolean>, close: () => void): Promise<void> {
  if (await retry()) close();
}
