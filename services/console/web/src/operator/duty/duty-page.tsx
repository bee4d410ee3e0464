import type { DutyView } from "@hotgrid/contracts";
import { Alert, Button, Input, Spin } from "antd";
import { useState } from "react";
import { useLoaded } from "../../api/use-loaded.ts";
import { useText } from "../../language/language-context.tsx";
import { useNow } from "../../time/clock-context.tsx";
import { fromLocalInput, toLocalInput } from "../../time/local-input.ts";
import { useConsole } from "../console-context.ts";
import { DivisionSelect } from "../division-select.tsx";
import { Failure } from "../shell/failure.tsx";
import { maySeeCoverage } from "../shell/page-access.ts";
import { useDivisionTree } from "../use-division-tree.ts";
import { CellDuty } from "./cell-duty.tsx";
import { CoverageProof } from "./coverage-proof.tsx";
import { DutyLevels } from "./duty-levels.tsx";
import { DutyWeek } from "./duty-week.tsx";
import { dutyPhrases } from "./phrases.ts";

/** Who answers for a place at a moment. The moment is now until somebody chooses another. */
export default function DutyPage() {
  const text = useText(dutyPhrases);
  const { session, navigation } = useConsole();
  const { about } = navigation.route;
  const cell = about?.includes("-") ? about : null;
  const division = cell === null && about !== null ? about : session.account.division;
  const [moment, setMoment] = useState<string | null>(null);
  const at = moment === null ? "" : `&at=${encodeURIComponent(moment)}`;
  const { data, error, busy, reload } = useLoaded<DutyView>(`/duty?division=${encodeURIComponent(division)}${at}`);
  return (
    <section className="list-page" aria-label={text("duty.title")} data-testid="duty-page">
      <h2>{text("duty.title")}</h2>
      <p className="hint">{text("duty.hint")}</p>
      {maySeeCoverage(session.account.role) ? <CoverageProof /> : null}
      <Question division={division} moment={moment} choose={setMoment} now={reload} />
      {error === null ? null : <Failure error={error} retry={reload} />}
      {data === null && error === null ? <Spin description={text("duty.title")} /> : null}
      {data === null || error !== null ? null : (
        <div aria-busy={busy} data-testid="duty-answer" data-at={data.at} data-division={data.division}>
          <DutyLevels duty={data} />
          <Vendor duty={data} />
          <DutyWeek duty={data} />
        </div>
      )}
      <CellDuty key={cell} asked={cell ?? ""} moment={moment} />
    </section>
  );
}

interface QuestionProps {
  readonly division: string;
  readonly moment: string | null;
  readonly choose: (moment: string | null) => void;
  /** Asks again for the present moment. */
  readonly now: () => void;
}

function Question({ division, moment, choose, now }: QuestionProps) {
  const text = useText(dutyPhrases);
  const { session, navigation } = useConsole();
  const { tree, error, retry } = useDivisionTree(session.account.division);
  const present = useNow(30_000);
  const { utcOffset } = session;
  if (error !== null) return <Failure error={error} retry={retry} />;
  return (
    <div className="board-filters">
      {tree === null ? (
        <Spin />
      ) : (
        <DivisionSelect
          tree={tree}
          value={division}
          onChange={(code) => navigation.goTo("duty", code)}
          label={text("duty.place")}
        />
      )}
      <Input
        type="datetime-local"
        aria-label={text("duty.at")}
        data-testid="duty-at"
        value={toLocalInput(moment === null ? present : Date.parse(moment), utcOffset)}
        onChange={({ target }) => choose(fromLocalInput(target.value, utcOffset))}
      />
      <Button
        type={moment === null ? "primary" : "default"}
        data-testid="duty-now"
        onClick={() => {
          choose(null);
          if (moment === null) now();
        }}
      >
        {text("duty.now")}
      </Button>
    </div>
  );
}

function Vendor({ duty: { vendor } }: { duty: DutyView }) {
  const text = useText(dutyPhrases);
  if (vendor === null) return <Alert type="warning" showIcon title={text("duty.noVendor")} />;
  return (
    <p data-testid="duty-vendor">
      {text("duty.vendor", { name: vendor.name })} <a href={`tel:${vendor.phone}`}>{vendor.phone}</a>
    </p>
  );
}
