import type { EpisodeView } from "@hotgrid/contracts";
import { Button, Space, Spin, Tag } from "antd";
import { useCallback, useEffect, useState } from "react";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { Failure } from "../shell/failure.tsx";
import { maySeePage } from "../shell/page-access.ts";
import { SideDrawer } from "../shell/side-drawer.tsx";
import { EpisodeFacts } from "./episode-facts.tsx";
import { EvidenceView } from "./evidence-view.tsx";
import { InhibitedEpisodes } from "./inhibited-episodes.tsx";
import { MutedNotifications } from "./muted-notifications.tsx";

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
  const { navigation } = useConsole();
  const { episode, error, retry } = useEpisode(episodeId);
  return (
    <SideDrawer width={520} title={text("episode.title")} close={() => navigation.open("episode", null)}>
      {episode !== null ? <EpisodeBody episode={episode} /> : null}
      {episode === null && error === null ? <Spin description={text("loading")} /> : null}
      {episode === null && error !== null ? <Failure error={error} retry={retry} /> : null}
    </SideDrawer>
  );
}

function EpisodeBody({ episode }: { episode: EpisodeView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { session, showPlace } = useConsole();
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
      {episode.kind === "regional" ? (
        <InhibitedEpisodes noticeId={episode.id} firing={episode.status === "firing"} />
      ) : null}
      {episode.kind === "regional" && maySeePage("notifications", session.account.role) ? (
        <MutedNotifications noticeId={episode.id} />
      ) : null}
      {episode.evidence === null ? null : <EvidenceView evidence={episode.evidence} />}
    </article>
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
