import { type EpisodeView, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { Button, Spin, Tag } from "antd";
import { useEffect } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { Failure } from "../shell/failure.tsx";
import { valueText } from "../stations/value-text.ts";

/** Ours. */
const GATHER_MS = 1000;

/** Local episodes for which a regional notice stands: they opened no ticket. */
export function InhibitedEpisodes({ noticeId, firing }: { noticeId: string; firing: boolean }) {
  const text = useText(operatorPhrases);
  const { items, error, busy, more, reload } = usePages<EpisodeView>("/episodes", { inhibitedBy: noticeId });
  // A child comes while the notice goes on, with an event of its own; a storm of them is one reason to look.
  const known = useLive((state) => state.episodes.size);
  useEffect(() => {
    if (known === 0 || !firing) return;
    const timer = setTimeout(reload, GATHER_MS);
    return () => clearTimeout(timer);
  }, [known, firing, reload]);
  if (error !== null) return <Failure error={error} retry={reload} />;
  return (
    <section data-testid="inhibited">
      <h3>{text("episode.inhibited", { n: more === null ? items.length : `${items.length}+` })}</h3>
      <p className="hint">{text("episode.inhibitedHint")}</p>
      {busy && items.length === 0 ? <Spin /> : null}
      <ul className="lines">
        {items.map((episode) => (
          <Child key={episode.id} episode={episode} />
        ))}
      </ul>
      {more === null ? null : (
        <Button size="small" loading={busy} onClick={more}>
          {text("list.more")}
        </Button>
      )}
    </section>
  );
}

function Child({ episode }: { episode: EpisodeView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { navigation, time } = useConsole();
  const [property] = episode.observedProperties;
  return (
    <li data-testid="inhibited-episode" data-episode-id={episode.id}>
      <time dateTime={episode.startedAt}>{time.short(Date.parse(episode.startedAt))}</time>
      <span>
        <button type="button" className="link" onClick={() => navigation.open("episode", episode.id)}>
          {episode.divisionName}
        </button>{" "}
        {property === undefined
          ? null
          : `${PROPERTY_DEFINITIONS[property][language]} ${text("feed.excess", { value: valueText(property, episode.peakExcess) })}`}{" "}
        <Tag>{text(`episode.status.${episode.status}`)}</Tag>
      </span>
    </li>
  );
}
