import type { TicketView } from "@hotgrid/contracts";
import { Button } from "antd-mobile";
import { useState } from "react";
import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { nextStep } from "../tickets/next-step.ts";
import type { TicketActionControl } from "../tickets/use-ticket-action.ts";
import { FeedbackSheet } from "./feedback-sheet.tsx";
import { officerPhrases } from "./phrases.ts";

export interface StepProps {
  readonly ticket: TicketView;
  readonly action: TicketActionControl;
}

/** The one big button, or what the ticket waits for. */
export function NextStepPanel({ ticket, action }: StepProps) {
  const text = useText(officerPhrases);
  const step = nextStep(ticket);
  if (step.kind === "act") return <StepButton ticket={ticket} action={action} step={step.action} />;
  const [title, hint] =
    step.kind === "done"
      ? [text("done.title"), text("done.hint")]
      : [text(`wait.${step.waitsFor}`), text(`wait.${step.waitsFor}Hint`)];
  return (
    <div
      className="waiting"
      role="status"
      data-testid="waiting"
      data-waits-for={step.kind === "wait" ? step.waitsFor : "nothing"}
    >
      <strong>{title}</strong>
      <p>{hint}</p>
      {step.kind === "wait" && step.waitsFor === "somebody-else" ? <Holder ticket={ticket} /> : null}
    </div>
  );
}

/** Who has it now, and how to reach that one. */
function Holder({ ticket: { officerName, officerPhone } }: { ticket: TicketView }) {
  const text = useText(officerPhrases);
  return (
    <p data-testid="holder">
      {text("ticket.notMine", { name: officerName })}
      {officerPhone === "" ? null : (
        <a className="inline-link" href={`tel:${officerPhone}`}>
          {text("ticket.call", { phone: officerPhone })}
        </a>
      )}
    </p>
  );
}

function StepButton({
  ticket,
  action,
  step,
}: StepProps & { step: "respond" | "handle" | "feedback" | "close" | "resume" }) {
  const text = useText(officerPhrases);
  const [writing, setWriting] = useState(false);
  const { busy, failure, retry, run } = action;
  const failed = failure !== null && failure.action === step;
  const press = () => {
    if (failed && retry !== null) void retry();
    else if (step === "feedback") setWriting(true);
    else void run(step, {});
  };
  return (
    <>
      <StepFailure action={action} />
      <Button
        block
        color="primary"
        className="next-step"
        data-testid="next-step"
        data-action={step}
        loading={busy === step}
        loadingText={text("step.sending")}
        disabled={busy !== null}
        onClick={press}
      >
        {failed && retry !== null ? text("step.retry") : text(`step.${step}`)}
      </Button>
      {step === "feedback" ? (
        <FeedbackSheet
          key={ticket.id}
          ticket={ticket}
          visible={writing}
          close={() => setWriting(false)}
          action={action}
        />
      ) : null}
    </>
  );
}

export function StepFailure({ action }: { action: TicketActionControl }) {
  const { language } = useLanguage();
  if (action.failure === null) return null;
  return (
    <p className="form-error" role="alert" data-testid="step-failure">
      {describeError(action.failure.error, language)}
    </p>
  );
}
