import type { DutyView } from "@hotgrid/contracts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { routingText } from "../../tickets/reason-text.ts";
import { useConsole } from "../console-context.ts";
import { OnDuty } from "./duty-levels.tsx";
import { dutyPhrases } from "./phrases.ts";

/** The stretches of the week for the place itself, and who is away in it. */
export function DutyWeek({ duty }: { duty: DutyView }) {
  const text = useText(dutyPhrases);
  const { language } = useLanguage();
  const { time } = useConsole();
  const short = (iso: string) => time.short(Date.parse(iso));
  return (
    <>
      <h3>{text("duty.week")}</h3>
      <ul className="lines" data-testid="duty-week">
        {duty.spans.map((span) => (
          <li key={span.from}>
            <time dateTime={span.from}>
              {short(span.from)} – {short(span.to)}
            </time>
            <span>
              <OnDuty finding={span} /> <span className="hint">{routingText(span.reason, language)}</span>
            </span>
          </li>
        ))}
      </ul>
      <h3>{text("duty.leaves")}</h3>
      {duty.leaves.length === 0 ? <p className="hint">{text("duty.noLeaves")}</p> : null}
      <ul className="lines" data-testid="duty-leaves">
        {duty.leaves.map(({ officer, from, to, substitute }) => (
          <li key={`${officer.id} ${from}`}>
            {text("duty.away", { name: officer.name, from: short(from), to: short(to) })},{" "}
            {substitute === null ? text("duty.noSubstitute") : text("duty.substitute", { name: substitute.name })}
          </li>
        ))}
      </ul>
    </>
  );
}
