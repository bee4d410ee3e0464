import { type DivisionView, EPISODE_KINDS, type EpisodeKind, SEVERITIES, type Severity } from "@hotgrid/contracts";
import { Select, Spin } from "antd";
import { useMemo, useState } from "react";
import { useLoaded } from "../../api/use-loaded.ts";
import { useText } from "../../language/language-context.tsx";
import { useNow } from "../../time/clock-context.tsx";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { type BoardColumn, type BoardFilter, boardColumns } from "./board-columns.ts";
import { TicketCard } from "./ticket-card.tsx";

export function TicketBoard() {
  const text = useText(operatorPhrases);
  const tickets = useLive((state) => state.tickets);
  const loaded = useLive((state) => state.loaded);
  const { navigation } = useConsole();
  const { goTo, route } = navigation;
  const severity = SEVERITIES.find((one) => one === route.about) ?? null;
  const [{ county, kind }, setFilter] = useState<Omit<BoardFilter, "severity">>({ county: null, kind: null });
  const filter = useMemo<BoardFilter>(() => ({ county, kind, severity }), [county, kind, severity]);
  const change = (next: BoardFilter) => {
    setFilter(next);
    if (next.severity !== severity) goTo("tickets", next.severity ?? undefined);
  };
  const columns = useMemo(() => boardColumns(tickets.values(), filter), [tickets, filter]);
  const now = useNow(500);
  return (
    <section className="board-page" aria-label={text("page.tickets")}>
      <Filters filter={filter} change={change} />
      {loaded ? (
        <div className="board" data-testid="ticket-board">
          {columns.map((column) => (
            <Column key={column.state} column={column} now={now} />
          ))}
        </div>
      ) : (
        <Spin description={text("loading")} />
      )}
    </section>
  );
}

function Column({ column, now }: { column: BoardColumn; now: number }) {
  const text = useText(operatorPhrases);
  const { state, tickets, more } = column;
  return (
    <section className="board-column" data-testid={`column-${state}`} aria-label={text(`state.${state}`)}>
      <h2>
        {text(`state.${state}`)} <span className="board-count">{tickets.length + more}</span>
      </h2>
      {tickets.length === 0 ? <p className="hint">{text("board.empty")}</p> : null}
      <ul>
        {tickets.map((ticket) => (
          <TicketCard key={ticket.id} ticket={ticket} now={now} />
        ))}
      </ul>
      {more > 0 ? <p className="hint">{text("board.more", { n: more })}</p> : null}
    </section>
  );
}

function Filters({ filter, change }: { filter: BoardFilter; change: (filter: BoardFilter) => void }) {
  const text = useText(operatorPhrases);
  const counties = useCounties();
  return (
    <div className="board-filters">
      <Select<string>
        aria-label={text("board.filterCounty")}
        value={filter.county ?? ""}
        onChange={(county) => change({ ...filter, county: county === "" ? null : county })}
        options={[
          { value: "", label: text("board.filterCounty") },
          ...counties.map(({ code, name }) => ({ value: code, label: name })),
        ]}
      />
      <Select<Severity | "">
        aria-label={text("board.filterSeverity")}
        value={filter.severity ?? ""}
        onChange={(severity) => change({ ...filter, severity: severity === "" ? null : severity })}
        options={[
          { value: "", label: text("board.filterSeverity") },
          ...SEVERITIES.map((value) => ({ value, label: text(`severity.${value}`) })),
        ]}
      />
      <Select<EpisodeKind | "">
        aria-label={text("board.filterKind")}
        value={filter.kind ?? ""}
        onChange={(kind) => change({ ...filter, kind: kind === "" ? null : kind })}
        options={[
          { value: "", label: text("board.filterKind") },
          ...EPISODE_KINDS.map((kind) => ({ value: kind, label: text(`kind.${kind}`) })),
        ]}
      />
    </div>
  );
}

/** None where they could not be loaded: the board is complete without its filter. */
const useCounties = (): readonly DivisionView[] =>
  useLoaded<{ items: readonly DivisionView[] }>("/divisions?level=county").data?.items ?? [];
