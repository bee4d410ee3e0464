import {
  type DivisionCode,
  divisionLevel,
  type Episode,
  type EpisodeEvent,
  PROPERTY_DEFINITIONS,
  parentDivision,
  type SourceEstimate,
  type Station,
} from "@hotgrid/contracts";
import { explain } from "../explain/explain.ts";
import type { Geography } from "../geography.ts";
import { carryingWind, villageUpwind } from "../source/upwind.ts";
import { NEVER } from "../state/columns.ts";
import type { TickContext } from "../tick/context.ts";
import { timeOf } from "../tick/context.ts";
import type { EpisodeRecord, Published } from "./record.ts";
import { severityOf } from "./severity.ts";

const round = (x: number, decimals: number): number => {
  const scale = 10 ** (decimals + 1);
  return Number.isFinite(x) ? Math.round(x * scale) / scale : 0;
};

/** The episode as others see it. */
function episodeOf(context: TickContext, record: EpisodeRecord): Episode {
  const { network, geography } = context;
  const station = network.stations[network.indexOf.get(record.peakStation) ?? -1];
  const place = placeOf(context, record, station);
  const decimals = PROPERTY_DEFINITIONS[record.property].decimals;
  return {
    id: record.id,
    kind: record.kind,
    status: record.ended === null ? "firing" : "resolved",
    severity: severityOf(context, record),
    observedProperties: [...record.properties],
    stationIds: [...record.stations],
    cellIds: place.cells,
    division: place.division,
    lon: place.lon,
    lat: place.lat,
    startedAt: timeOf(context, record.started),
    confirmedAt: record.confirmed === null ? null : timeOf(context, record.confirmed),
    endedAt: record.ended === null ? null : timeOf(context, record.ended),
    peak: round(record.peak, decimals),
    peakExcess: round(record.peakExcess, decimals),
    background: round(record.background, decimals),
    source: record.source,
    evidence: record.evidence,
    ruleVersion: context.rules.version,
    reason: record.reason,
    explanation: explain({
      record,
      stationName: station?.name ?? record.peakStation,
      placeName: placeName(geography, place.division),
      likely: likelyVillages(record).map(({ code, probability }) => ({
        name: placeName(geography, code),
        probability,
      })),
      isLocating: isLocating(record) && carryingWind(context, record) !== null,
      minutes: Math.round(((record.ended ?? context.tick) - record.started + 1) * context.work.shape.tickMinutes),
    }),
  };
}

/** A village is told with its town, since village names repeat, and as an area: smoke comes from no committee. */
function placeName(geography: Geography, code: DivisionCode): string {
  const name = geography.nameOf(code);
  const above = parentDivision(code);
  if (divisionLevel(code) !== "village" || !above) return name;
  return `${geography.nameOf(above)}${withoutCommittee(name)}`;
}

/** The statistical list names the committees: 斗门村委会 is 斗门村, 长桥居委会 is 长桥社区. */
const withoutCommittee = (name: string): string =>
  name.replace(/村?村民?委(员)?会$/, "村").replace(/(社区)?居民?委(员)?会$/, "社区");

/** Villages in which the source may be, the likeliest first. */
const likelyVillages = ({ source }: EpisodeRecord): SourceEstimate["divisions"] =>
  source?.divisions.filter(({ code }) => divisionLevel(code) === "village") ?? [];

interface Whereabouts {
  lon: number;
  lat: number;
  division: string;
  cells: string[];
}

/** Is somebody sent, and the source not yet asked for? */
const isLocating = ({ kind, confirmed, sourceTick }: EpisodeRecord): boolean =>
  kind === "local" && confirmed !== null && sourceTick === NEVER;

/** The source's place and likeliest village where it is estimated, else the station's, else the city. Until it is
 *  estimated the village upwind is asked. */
function placeOf(context: TickContext, record: EpisodeRecord, station: Station | undefined): Whereabouts {
  const { network, geography, city } = context;
  const wide = record.kind === "regional" || station === undefined;
  const lon = record.source?.lon ?? (wide ? network.plane.lon(mean(network.x)) : station.lon);
  const lat = record.source?.lat ?? (wide ? network.plane.lat(mean(network.y)) : station.lat);
  if (wide) return { lon, lat, division: city, cells: [] };
  const located = geography.locate(lon, lat);
  const upwind = isLocating(record) ? villageUpwind(context, record) : null;
  const division = likelyVillages(record)[0]?.code ?? upwind ?? station.division;
  return { lon, lat, division, cells: located ? [...located.cells] : [] };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
}

/** The next event of an episode, or null where nothing changed that is worth telling now. */
export function announce(context: TickContext, record: EpisodeRecord): EpisodeEvent | null {
  const next = visible(context, record);
  if (!isWorthTelling(context, record.published, next, record.kind === "regional")) return null;
  const first = record.published === null;
  record.revision++;
  record.published = next;
  const type = record.ended !== null ? "resolved" : first ? "raised" : "updated";
  return { type, revision: record.revision, at: timeOf(context, context.tick), episode: episodeOf(context, record) };
}

function visible(context: TickContext, record: EpisodeRecord): Published {
  return {
    tick: context.tick,
    confirmed: record.confirmed !== null,
    status: record.ended === null ? "firing" : "resolved",
    severity: severityOf(context, record),
    stations: record.stations.length,
    properties: record.properties.length,
    peakExcess: record.peakExcess,
    source: record.source ? `${record.source.lon} ${record.source.lat}` : "",
    reason: record.reason,
  };
}

/** Confirmation, the first estimate of the source and the end are told at once; the rest when it changes the picture, and not all the time. */
function isWorthTelling(context: TickContext, before: Published | null, next: Published, wide: boolean): boolean {
  if (before === null || before.confirmed !== next.confirmed || before.status !== next.status) return true;
  if (before.source === "" && next.source !== "") return true;
  const { updateMinutes, peakShare } = context.rules.publication;
  if ((next.tick - before.tick) * context.work.shape.tickMinutes < updateMinutes) return false;
  return (
    before.severity !== next.severity ||
    // Of a city's zone only its growth by a good part is news.
    (wide ? next.stations > before.stations * (1 + peakShare) : before.stations !== next.stations) ||
    before.properties !== next.properties ||
    before.source !== next.source ||
    before.reason !== next.reason ||
    next.peakExcess > before.peakExcess + peakShare * Math.abs(before.peakExcess)
  );
}
