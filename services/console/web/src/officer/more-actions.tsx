import { Button } from "antd-mobile";
import { useState } from "react";
import { useText } from "../language/language-context.tsx";
import type { StepProps } from "./next-step-panel.tsx";
import { officerPhrases } from "./phrases.ts";
import { ReasonForm } from "./reason-form.tsx";
import { Sheet } from "./sheet.tsx";

/** What an officer may do beside the next step, most frequent first. not-mine is a return that says so. */
const SECONDARY = ["comment", "not-mine", "return", "transfer", "escalate"] as const;
export type SecondaryAction = (typeof SECONDARY)[number];

/** The action of the API behind it. */
export const actionOf = (name: SecondaryAction) => (name === "not-mine" ? "return" : name);

export function MoreActions({ ticket, action }: StepProps) {
  const text = useText(officerPhrases);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<SecondaryAction | null>(null);
  const allowed = SECONDARY.filter((name) => ticket.actions.includes(actionOf(name)));
  if (allowed.length === 0) return null;
  const close = () => {
    setOpen(false);
    setChosen(null);
    action.clear();
  };
  return (
    <>
      <Button
        block
        fill="none"
        className="more"
        data-testid="more-actions"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {text("ticket.more")}
      </Button>
      <Sheet visible={open} close={close} label={text("ticket.more")}>
        {chosen === null ? (
          allowed.map((name) => (
            <button
              key={name}
              type="button"
              className="menu-item"
              data-testid={`action-${name}`}
              onClick={() => setChosen(name)}
            >
              <strong>{text(`action.${name}`)}</strong>
              <span>{text(`${name}.hint`)}</span>
            </button>
          ))
        ) : (
          <ReasonForm ticket={ticket} action={action} name={chosen} done={close} />
        )}
        <Button block fill="none" size="large" onClick={close}>
          {text("cancel")}
        </Button>
      </Sheet>
    </>
  );
}
