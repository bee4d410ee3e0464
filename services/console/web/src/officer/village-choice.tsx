import type { DivisionView, TicketView } from "@hotgrid/contracts";
import { Selector } from "antd-mobile";
import { useLoaded } from "../api/use-loaded.ts";
import { useText } from "../language/language-context.tsx";
import { bearing } from "../place/bearing.ts";
import { LoadFailure } from "./load-failure.tsx";
import { officerPhrases } from "./phrases.ts";

/** Villages offered: the place lies in or beside one of them. Ours. */
const NEAREST = 8;

export interface VillageChoiceProps {
  readonly ticket: TicketView;
  readonly village: string | null;
  readonly choose: (code: string | null) => void;
}

/** To which village it belongs, if the officer knows: the nearest ones of the county, without the own. */
export function VillageChoice({ ticket, village, choose }: VillageChoiceProps) {
  const text = useText(officerPhrases);
  const { data, error, reload } = useLoaded<{ items: readonly DivisionView[] }>(
    `/divisions?level=village&within=${ticket.division.slice(0, 6)}`,
  );
  if (error !== null) return <LoadFailure error={error} retry={reload} />;
  if (data === null) return <p role="status">{text("loading")}</p>;
  const metres = (division: DivisionView) => bearing(ticket, division).metres;
  const nearest = data.items
    .filter(({ code }) => code !== ticket.officerDivision)
    .sort((a, b) => metres(a) - metres(b))
    .slice(0, NEAREST);
  return (
    <>
      <h3>{text("form.belongsTo")}</h3>
      <div className="receivers" data-testid="belongs-to">
        <Selector
          columns={2}
          options={nearest.map(({ code, name }) => ({ value: code, label: name }))}
          value={village === null ? [] : [village]}
          onChange={([value]) => choose(value ?? null)}
        />
      </div>
    </>
  );
}
