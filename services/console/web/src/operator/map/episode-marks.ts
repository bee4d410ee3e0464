import type { EpisodeView } from "@hotgrid/contracts";
import { type Map as MapLibre, Marker } from "maplibre-gl";

/** Marks at once on the map. Ours: an alarm flood must not stop the page; the stream lists them all. */
const MARK_LIMIT = 60;

export interface EpisodeMarks {
  show(episodes: readonly EpisodeView[], label: (episode: EpisodeView) => string): void;
}

/** A pulsing button at each firing episode, reachable by keyboard. */
export function episodeMarks(map: MapLibre, onOpen: (episodeId: string) => void): EpisodeMarks {
  const marks = new Map<string, Marker>();
  return {
    show(episodes, label) {
      const shown = new Map(episodes.slice(0, MARK_LIMIT).map((episode) => [episode.id, episode]));
      for (const [id, mark] of marks)
        if (!shown.has(id)) {
          mark.remove();
          marks.delete(id);
        }
      for (const [id, episode] of shown) {
        const mark = marks.get(id) ?? newMark(map, () => onOpen(id));
        marks.set(id, mark);
        const button = mark.getElement();
        button.className = `${maplibreClasses(button)} pulse pulse-${episode.kind} ${episode.confirmedAt === null ? "pulse-provisional" : ""}`;
        button.setAttribute("aria-label", label(episode));
        button.title = label(episode);
        mark.setLngLat([episode.lon, episode.lat]);
        if (!button.isConnected) mark.addTo(map);
      }
    },
  };
}

function newMark(map: MapLibre, open: () => void): Marker {
  const element = document.createElement("button");
  element.type = "button";
  element.dataset["testid"] = "episode-mark";
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    open();
  });
  return new Marker({ element }).setLngLat(map.getCenter());
}

const maplibreClasses = (element: HTMLElement): string =>
  [...element.classList].filter((name) => name.startsWith("maplibregl")).join(" ");
