import type { OfficerView, TicketView } from "@hotgrid/contracts";
import { Selector } from "antd-mobile";
import { useLoaded } from "../api/use-loaded.ts";
import { useText } from "../language/language-context.tsx";
import { LoadFailure } from "./load-failure.tsx";
import { officerPhrases } from "./phrases.ts";

export interface ReceiverChoiceProps {
  readonly ticket: TicketView;
  readonly receiver: string | null;
  readonly choose: (officerId: string | null) => void;
}

/** Those of the same town, without the holder. */
export function ReceiverChoice({ ticket, receiver, choose }: ReceiverChoiceProps) {
  const text = useText(officerPhrases);
  const { data, error, reload } = useLoaded<{ items: readonly OfficerView[] }>(
    `/officers?division=${ticket.division.slice(0, 9)}`,
  );
  if (error !== null) return <LoadFailure error={error} retry={reload} />;
  if (data === null) return <p role="status">{text("loading")}</p>;
  const others = data.items.filter(({ id }) => id !== ticket.officerId);
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
