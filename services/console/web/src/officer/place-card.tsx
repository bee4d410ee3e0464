import type { DivisionView, EpisodeView, TicketView } from "@hotgrid/contracts";
import { useEffect, useState } from "react";
import { call } from "../api/call.ts";
import { useText } from "../language/language-context.tsx";
import { bearing, distanceText, type Octant } from "../place/bearing.ts";
import { officerPhrases } from "./phrases.ts";
import { PlaceSketch } from "./place-sketch.tsx";

export interface PlaceCardProps {
  readonly ticket: TicketView;
  readonly episode: EpisodeView | null;
}

/** So near to the centre that a direction would only mislead, m. Ours. */
const AT_CENTRE_METRES = 50;

export function PlaceCard({ ticket, episode }: PlaceCardProps) {
  const text = useText(officerPhrases);
  const division = useDivision(ticket.division);
  const name = ticket.divisionNames[ticket.divisionNames.length - 1] ?? ticket.division;
  const source = episode?.source ?? null;
  const point = `${ticket.lat.toFixed(5)},${ticket.lon.toFixed(5)}`;
  return (
    <section>
      <h2>{text("ticket.where")}</h2>
      <p className="place-name">{ticket.divisionNames.slice(1).join(" ")}</p>
      {division === null ? null : <p className="bearing">{bearingText(division, ticket, name, text)}</p>}
      <p className="place-hint">
        {source === null
          ? text("place.station")
          : text("place.estimate", { radius: distanceText(source.radius50Metres) })}
        {episode?.evidence?.wind ? ` · ${windText(episode.evidence.wind, text)}` : null}
      </p>
      {division === null ? null : (
        <PlaceSketch
          division={division}
          place={ticket}
          radiusMetres={source?.radius50Metres ?? null}
          label={text("place.sketch", { place: name })}
        />
      )}
      <a className="navigate" href={`geo:${point}?q=${point}`} data-testid="navigate">
        {text("place.navigate")} <span>{point}</span>
      </a>
    </section>
  );
}

/** With its outline; null until it is there. The sketch is an extra: without it the words and the link remain. */
function useDivision(code: string): DivisionView | null {
  const [division, setDivision] = useState<DivisionView | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    call<{ items: readonly DivisionView[] }>(`/divisions?${outlineQuery(code)}`, { signal: abort.signal }).then(
      ({ items }) => setDivision(items.find((item) => item.code === code) ?? null),
      () => setDivision(null),
    );
    return () => abort.abort();
  }, [code]);
  return division;
}

/** Villages carry their outline only when asked for by level. */
const outlineQuery = (code: string): string => `within=${code}&area=true${code.length === 12 ? "&level=village" : ""}`;

type PlaceText = ReturnType<typeof useText<typeof officerPhrases>>;

function bearingText(division: DivisionView, ticket: TicketView, place: string, text: PlaceText): string {
  const { metres, octant } = bearing(division, ticket);
  if (metres < AT_CENTRE_METRES) return text("place.atCentre", { place });
  return text("place.bearing", { place, direction: text(`direction.${octant}`), distance: distanceText(metres) });
}

function windText(wind: { speed: number; direction: number }, text: PlaceText): string {
  const octant = (Math.round(wind.direction / 45) % 8) as Octant;
  return text("place.wind", { direction: text(`direction.${octant}`), speed: wind.speed.toFixed(1) });
}
