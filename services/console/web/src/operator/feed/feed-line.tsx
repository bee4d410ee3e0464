import { type EpisodeView, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";
import { Tag } from "antd";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { relativeTime } from "../../time/spans.ts";
import { useConsole } from "../console-context.ts";
import type { FeedItem } from "../live/feed-item.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { stationNames } from "../stations/station-names.ts";
import { valueText } from "../stations/value-text.ts";

/** A click flies to the place and opens what the line is about. */
export function FeedLine({ item, now }: { item: FeedItem; now: number }) {
  const text = useText(operatorPhrases);
  const { navigation, showPlace, time } = useConsole();
  const subject = item.what === "ticket" ? item.ticket : item.episode;
  const open = () => {
    showPlace(subject);
    if (item.what === "ticket") navigation.open("ticket", item.ticket.id);
    else navigation.open("episode", item.episode.id);
  };
  return (
    <li>
      <button
        type="button"
        className={`feed-line severity-${item.what === "resolved" ? "none" : subject.severity}`}
        data-testid="stream-item"
        data-what={item.what}
        data-ticket-id={item.what === "ticket" ? item.ticket.id : undefined}
        onClick={open}
      >
        <span className="feed-head">
          <Tag color={TAGS[item.what]}>{text(`feed.${item.what}`)}</Tag>
          <strong>{text(`kind.${subject.kind}`)}</strong>
          <StatusTag item={item} />
          <time dateTime={new Date(item.at).toISOString()}>
            {time.brief(item.at, now)} · {relativeTime(item.at, now, text)}
          </time>
        </span>
        {item.what === "ticket" ? <TicketText item={item} /> : <EpisodeText episode={item.episode} />}
      </button>
    </li>
  );
}

/** Where the matter stands; a line that says "resolved" has said it. */
function StatusTag({ item }: { item: FeedItem }) {
  const text = useText(operatorPhrases);
  if (item.what === "ticket")
    return (
      <Tag data-testid="feed-ticket-state">
        {text(`state.${item.entry === null ? item.ticket.state : item.entry.to}`)}
      </Tag>
    );
  if (item.what === "resolved") return null;
  const { status, confirmedAt } = item.episode;
  return (
    <Tag>{text(`feed.${status === "resolved" ? "resolved" : confirmedAt === null ? "provisional" : "confirmed"}`)}</Tag>
  );
}

/** Kinds whose height says something; of a broken device it does not. */
const MEASURED = new Set<EpisodeView["kind"]>(["local", "regional", "interference"]);
const TAGS = { raised: "red", resolved: "green", ticket: "blue" } as const;

function EpisodeText({ episode }: { episode: EpisodeView }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const stations = useLive((state) => state.stations);
  const [property] = episode.observedProperties;
  return (
    <>
      <span className="feed-place">
        {episode.divisionName} · {stationNames(episode.stationIds, stations)}
      </span>
      <span className="feed-values">
        {property === undefined || !MEASURED.has(episode.kind) ? null : (
          <>
            {PROPERTY_DEFINITIONS[property][language]} {text("feed.peak", { value: valueText(property, episode.peak) })}{" "}
            · {text("feed.excess", { value: valueText(property, episode.peakExcess) })}
          </>
        )}
      </span>
    </>
  );
}

function TicketText({ item }: { item: FeedItem & { what: "ticket" } }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { ticket, entry } = item;
  const who = entry === null ? ticket.officerName : entry.by === "system" ? text("ticket.system") : entry.byName;
  return (
    <>
      <span className="feed-place">{ticket.title[language]}</span>
      <span className="feed-values">
        {entry === null ? null : `${text(`action.${entry.action}`)} · `}
        {who}
      </span>
    </>
  );
}
