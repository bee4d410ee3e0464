import type { NotificationMessageView } from "@hotgrid/contracts";
import { Tag } from "antd";
import { useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { notificationPhrases } from "./phrases.ts";

const COLOURS = { pending: "blue", sent: "green", failed: "red" } as const;

export function MessageState({ message }: { message: NotificationMessageView }) {
  const text = useText(notificationPhrases);
  const { time } = useConsole();
  const { state, attempts, nextAt, unsure } = message;
  return (
    <>
      <Tag color={COLOURS[state]}>{text(`delivery.${state}`)}</Tag>
      {unsure ? <Tag color="orange">{text("delivery.unsure")}</Tag> : null}
      <div className="hint">
        {text("delivery.attempts", { n: attempts.length })}
        {nextAt === null || attempts.length === 0
          ? null
          : ` · ${text("delivery.next", { at: time.short(Date.parse(nextAt)) })}`}
      </div>
    </>
  );
}

/** What the other side said each time. */
export function Attempts({ message: { attempts } }: { message: NotificationMessageView }) {
  const text = useText(notificationPhrases);
  const { time } = useConsole();
  return (
    <ol className="lines" data-testid="attempts">
      {attempts.map(({ attempt, at, outcome, detail }) => (
        <li key={attempt}>
          <span>{text("delivery.attempt", { n: attempt, at: time.full(Date.parse(at)) })}</span>
          <span>
            <strong>{text(`outcome.${outcome}`)}</strong> <span className="hint">{detail}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
