import type { CellDutyView } from "@hotgrid/contracts";
import { Input, Spin } from "antd";
import { useState } from "react";
import { useLoaded } from "../../api/use-loaded.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { routingText } from "../../tickets/reason-text.ts";
import { useConsole } from "../console-context.ts";
import { Failure } from "../shell/failure.tsx";
import { OnDuty } from "./duty-levels.tsx";
import { dutyPhrases } from "./phrases.ts";

/** Who is asked in a hotspot cell, which may lie in several villages. */
/** @param asked id of the cell that the address names */
export function CellDuty({ asked, moment }: { asked: string; moment: string | null }) {
  const text = useText(dutyPhrases);
  const [cell, setCell] = useState(asked);
  const at = moment === null ? "" : `?at=${encodeURIComponent(moment)}`;
  const path = cell === "" ? null : `/cells/${encodeURIComponent(cell)}/duty${at}`;
  const { data, error, busy, reload } = useLoaded<CellDutyView>(path);
  return (
    <>
      <h3>{text("cell.title")}</h3>
      <p className="hint">{text("cell.hint")}</p>
      <Input.Search
        className="division-select"
        aria-label={text("cell.id")}
        data-testid="cell-id"
        placeholder="3306-R1113C3870-25"
        defaultValue={asked}
        maxLength={64}
        enterButton={text("cell.ask")}
        loading={busy}
        onSearch={(value) => setCell(value.trim())}
      />
      {error === null ? null : <Failure error={error} retry={reload} />}
      {busy && data === null ? <Spin /> : null}
      {data === null || error !== null || cell === "" ? null : <Villages duty={data} />}
    </>
  );
}

function Villages({ duty }: { duty: CellDutyView }) {
  const text = useText(dutyPhrases);
  const { language } = useLanguage();
  const { navigation, time } = useConsole();
  return (
    <ul className="lines" data-testid="cell-duty" data-cell={duty.cell}>
      {duty.villages.map(({ division, divisionNames, spans }) => {
        const [first, next] = spans;
        return (
          <li key={division}>
            <button type="button" className="link" onClick={() => navigation.goTo("duty", division)}>
              {divisionNames.slice(1).join(" ")}
            </button>
            {first === undefined ? null : (
              <>
                <OnDuty finding={first} /> <span className="hint">{routingText(first.reason, language)}</span>
                <span className="hint">
                  {next === undefined
                    ? text("cell.unchanged")
                    : text("cell.until", { at: time.short(Date.parse(first.to)), n: spans.length - 1 })}
                </span>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
