import { type EpisodeView, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { Button, Descriptions, Drawer, Result, Space, Spin, Tag } from "antd";
import { useCallback, useEffect, useState } from "react";
import { ApiError, describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { valueText } from "../stations/value-text.ts";
import { EvidenceView } from "./evidence-view.tsx";

/** Of the live state where it is there, else asked for. */
function useEpisode(episodeId: string): { episode: EpisodeView | null; error: unknown; retry: () => void } {
  const live = useLive((state) => state.episodes.get(episodeId));
  const loaded = useLive((state) => state.loaded);
  const [asked, setAsked] = useState<EpisodeView | null>(null);
  const [error, setError] = useState<unknown>(null);
  const missing = loaded && live === undefined;
  const load = useCallback(() => {
    if (!missing) return;
    setError(null);
    call<EpisodeView>(`/episodes/${encodeURIComponent(episodeId)}`).then(setAsked, setError);
  }, [episodeId, missing]);
  useEffect(load, [load]);
  return { episode: live ?? asked, error, retry: load };
}

export function EpisodeDrawer({ episodeId }: { episodeId: string }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { navigation } = useConsole();
  const { episode, error, retry } = useEpisode(episodeId);
  const gone = error instanceof ApiError && error.kind === "gone";
  return (
    <Drawer open title={text("episode.title")} size={520} onClose={() => navigation.open("episode", null)} mask={false}>
      {episode !== null ? <EpisodeBody episode={episode} /> : null}
      {episode === null && error === null ? <Spin description={text("loading")} /> : null}
      {episode === null && error !== null ? (
        <Result
          status={gone ? "404" : "warning"}
          title={gone ? text("episode.gone") : describeError(error, language)}
          extra={gone ? null : <Button onClick={retry}>{text("retry")}</Button>}
        />
      ) : null}
    </Drawer>
  );
}

function EpisodeBody({ episode }: { episode: EpisodeView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { showPlace } = useConsole();
  return (
    <article data-testid="episode">
      <Space wrap>
        <Tag color={episode.status === "firing" ? "red" : "green"} data-testid="episode-status">
          {text(`episode.status.${episode.status}`)}
        </Tag>
        <Tag>{text(`kind.${episode.kind}`)}</Tag>
        <Tag color={episode.severity === "yellow" ? "gold" : episode.severity}>
          {text(`severity.${episode.severity}`)}
        </Tag>
        <Button size="small" onClick={() => showPlace(episode)}>
          {text("ticket.showOnMap")}
        </Button>
      </Space>
      <p className="explanation">{episode.explanation[language]}</p>
      <EpisodeFacts episode={episode} />
      {episode.source === null ? null : <SourceLine source={episode.source} />}
      {episode.evidence === null ? null : <EvidenceView evidence={episode.evidence} />}
    </article>
  );
}

function EpisodeFacts({ episode }: { episode: EpisodeView }) {
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

/** Towns and villages with their probability. Names are known of the divisions that the live state's tickets and
 *  stations name; a code stands for the others. */
function SourceLine({ source }: { source: NonNullable<EpisodeView["source"]> }) {
  const text = useText(operatorPhrases);
  const names = useLive((state) => state.stations);
  const known = new Map(
    Array.from(names.values()).flatMap(({ division, divisionNames }) => [
      [division, divisionNames[divisionNames.length - 1] ?? division] as const,
      [division.slice(0, 9), divisionNames[2] ?? division] as const,
    ]),
  );
  const list = source.divisions
    .filter(({ probability }) => probability >= 0.05)
    .map(({ code, probability }) => `${known.get(code) ?? code} ${Math.round(probability * 100)}%`);
  return <p className="hint">{text("evidence.source", { list: list.join("、") })}</p>;
}
