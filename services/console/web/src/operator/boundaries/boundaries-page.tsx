import type { BoundaryProposalView } from "@hotgrid/contracts";
import { App, Empty, Segmented, Spin } from "antd";
import { useState } from "react";
import { useLoaded } from "../../api/use-loaded.ts";
import { useText } from "../../language/language-context.tsx";
import { Failure } from "../shell/failure.tsx";
import { boundaryPhrases } from "./phrases.ts";
import { ProposalCard } from "./proposal-card.tsx";
import { type Outcome, SettleForm } from "./settle-form.tsx";

interface Settling {
  readonly proposal: BoundaryProposalView;
  readonly outcome: Outcome;
}

export default function BoundariesPage() {
  const text = useText(boundaryPhrases);
  const { message } = App.useApp();
  const [settled, setSettled] = useState(false);
  const [settling, setSettling] = useState<Settling | null>(null);
  const { data, error, reload } = useLoaded<{ items: readonly BoundaryProposalView[] }>(
    `/boundary-proposals?settled=${settled}`,
  );
  const close = (done: boolean) => {
    setSettling(null);
    if (!done) return;
    void message.success(text("boundary.done"));
    reload();
  };
  return (
    <section className="list-page" aria-label={text("boundary.title")} data-testid="boundaries-page">
      <h2>{text("boundary.title")}</h2>
      <p className="hint">{text("boundary.hint")}</p>
      <Segmented<boolean>
        className="choice"
        value={settled}
        onChange={setSettled}
        options={[
          { value: false, label: text("boundary.open") },
          { value: true, label: text("boundary.settled") },
        ]}
      />
      {error === null ? null : <Failure error={error} retry={reload} />}
      {data === null && error === null ? <Spin /> : null}
      {data === null || error !== null ? null : (
        <Proposals
          proposals={data.items.filter((one) => (one.settledAt !== null) === settled)}
          empty={text(settled ? "boundary.noneSettled" : "boundary.none")}
          settle={(proposal, outcome) => setSettling({ proposal, outcome })}
        />
      )}
      {settling === null ? null : <SettleForm {...settling} close={close} />}
    </section>
  );
}

interface ProposalsProps {
  readonly proposals: readonly BoundaryProposalView[];
  readonly empty: string;
  readonly settle: (proposal: BoundaryProposalView, outcome: Outcome) => void;
}

function Proposals({ proposals, empty, settle }: ProposalsProps) {
  if (proposals.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} />;
  return (
    <ul className="cards">
      {proposals.map((proposal) => (
        <ProposalCard key={proposal.id} proposal={proposal} settle={settle} />
      ))}
    </ul>
  );
}
