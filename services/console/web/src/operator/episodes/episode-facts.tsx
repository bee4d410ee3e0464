import { type EpisodeView, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { Descriptions } from "antd";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { valueText } from "../stations/value-text.ts";

export function EpisodeFacts({ episode }: { episode: EpisodeView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { time, navigation } = useConsole();
  const stations = useLive((state) => state.stations);
  const at = (iso: string | null) => (iso === null ? text("episode.notYet") : time.full(Date.parse(iso)));
  const [property] = episode.observedProperties;
  return (
    <Descriptions
      size="small"
      column={1}
      items={[
        { key: "place", label: text("episode.place"), children: episode.divisionName },
        {
          key: "values",
          label: episode.observedProperties.map((name) => PROPERTY_DEFINITIONS[name][language]).join("、"),
          children:
            property === undefined
              ? ""
              : `${text("feed.peak", { value: valueText(property, episode.peak) })}，${text("feed.excess", { value: valueText(property, episode.peakExcess) })}`,
        },
        { key: "started", label: text("episode.started"), children: at(episode.startedAt) },
        { key: "confirmed", label: text("episode.confirmed"), children: at(episode.confirmedAt) },
        { key: "ended", label: text("episode.ended"), children: at(episode.endedAt) },
        {
          key: "stations",
          label: text("episode.stations"),
          children: (
            <Links
              ids={episode.stationIds}
              name={(id) => stations.get(id)?.name ?? id}
              open={(id) => navigation.open("station", id)}
            />
          ),
        },
        ...(episode.cellIds.length === 0
          ? []
          : [
              {
                key: "cells",
                label: text("episode.cells"),
                children: <Links ids={episode.cellIds} name={(id) => id} open={(id) => navigation.goTo("duty", id)} />,
              },
            ]),
        {
          key: "tickets",
          label: text("episode.tickets"),
          children:
            episode.ticketIds.length === 0 ? (
              text("episode.noTickets")
            ) : (
              <Links ids={episode.ticketIds} name={(id) => id} open={(id) => navigation.open("ticket", id)} />
            ),
        },
        ...(episode.inhibitedBy === undefined
          ? []
          : [
              {
                key: "inhibited",
                label: text("episode.inhibitedBy"),
                children: (
                  <Links
                    ids={[episode.inhibitedBy]}
                    name={() => text("episode.openNotice")}
                    open={(id) => navigation.open("episode", id)}
                  />
                ),
              },
            ]),
        { key: "rule", label: text("episode.rule"), children: episode.ruleVersion },
      ]}
    />
  );
}

function Links({
  ids,
  name,
  open,
}: {
  ids: readonly string[];
  name: (id: string) => string;
  open: (id: string) => void;
}) {
  return (
    <span className="links">
      {ids.map((id) => (
        <button key={id} type="button" className="link" onClick={() => open(id)}>
          {name(id)}
        </button>
      ))}
    </span>
  );
}
