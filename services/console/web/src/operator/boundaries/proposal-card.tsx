import type { BoundaryProposalView } from "@hotgrid/contracts";
import { Button, Descriptions, Tag } from "antd";
import { useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { boundaryPhrases } from "./phrases.ts";
import type { Outcome } from "./settle-form.tsx";

export interface ProposalCardProps {
  readonly proposal: BoundaryProposalView;
  readonly settle: (proposal: BoundaryProposalView, outcome: Outcome) => void;
}

export function ProposalCard({ proposal, settle }: ProposalCardProps) {
  const text = useText(boundaryPhrases);
  const words = useText(operatorPhrases);
  const { navigation, showPlace, time } = useConsole();
  const { id, ticketId, divisionNames, belongsToNames, note, accountName, accountId, cell } = proposal;
  return (
    <li className="card" data-testid="proposal" data-proposal-id={id}>
      <q>{note}</q>
      <p className="hint">
        {text("boundary.by", { name: accountName || accountId, at: time.full(Date.parse(proposal.at)) })}
      </p>
      <Descriptions
        size="small"
        column={1}
        items={[
          { key: "held", label: text("boundary.held"), children: divisionNames.join(" ") },
          {
            key: "belongs",
            label: text("boundary.belongs"),
            children: belongsToNames.length === 0 ? text("boundary.unknown") : belongsToNames.join(" "),
          },
        ]}
      />
      <div className="ticket-links">
        <Button size="small" onClick={() => navigation.open("ticket", ticketId)}>
          {text("boundary.ticket", { id: ticketId })}
        </Button>
        <Button size="small" onClick={() => showPlace(proposal)}>
          {words("ticket.showOnMap")}
        </Button>
        <span className="hint">{text("boundary.cell", { cell })}</span>
      </div>
      <Verdict proposal={proposal} settle={settle} />
    </li>
  );
}

function Verdict({ proposal, settle }: ProposalCardProps) {
  const text = useText(boundaryPhrases);
  const { time } = useConsole();
  const { settledAt, settledBy, settledNote, outcome, maySettle } = proposal;
  if (settledAt !== null)
    return (
      <p data-testid="proposal-outcome">
        {outcome === null ? null : (
          <Tag color={outcome === "accepted" ? "green" : "default"}>{text(`boundary.${outcome}`)}</Tag>
        )}
        {text("boundary.settledBy", {
          who: settledBy ?? "",
          at: time.full(Date.parse(settledAt)),
          note: settledNote,
        })}
      </p>
    );
  if (!maySettle) return <p className="hint">{text("boundary.above")}</p>;
  return (
    <div className="ticket-links">
      <Button type="primary" data-testid="proposal-accept" onClick={() => settle(proposal, "accepted")}>
        {text("boundary.accept")}
      </Button>
      <Button data-testid="proposal-refuse" onClick={() => settle(proposal, "refused")}>
        {text("boundary.refuse")}
      </Button>
    </div>
  );
}
