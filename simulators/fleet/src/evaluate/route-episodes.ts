import type { Episode } from "@hotgrid/contracts";
import { chooseRoute, createDuty, type Grid, receiverOnDuty } from "@hotgrid/grid";
import type { Seeds } from "@hotgrid/store";
import { placeOf, TicketPolicy } from "@hotgrid/tickets";
import type { TicketResult } from "../result-file.ts";
import { isoWithOffset } from "../world.ts";

const MINUTE_MS = 60_000;

/** The tickets that would have followed if nobody had closed any: the first confirmed episode of a place opens one for
 *  the officer on duty, later ones join it while it burns and for as long as the policy reopens. */
export function routeEpisodes(
  episodes: readonly Episode[],
  seeds: Seeds,
  grid: Grid,
  offsetMs: number,
): TicketResult[] {
  const policy = TicketPolicy.parse(seeds.policy);
  const duty = createDuty({ ...seeds, utcOffset: seeds.city.utcOffset });
  const tickets: TicketResult[] = [];
  const openUntil = new Map<string, number>();
  const confirmed = episodes.filter((episode) => episode.confirmedAt !== null);
  for (const episode of confirmed.toSorted((a, b) => (a.confirmedAt ?? 0) - (b.confirmedAt ?? 0))) {
    if (policy.kinds[episode.kind].opens !== "ticket") continue;
    const at = episode.confirmedAt ?? episode.startedAt;
    const place = placeOf(episode);
    const joins = at <= (openUntil.get(place) ?? Number.NEGATIVE_INFINITY);
    const end = (episode.endedAt ?? Number.POSITIVE_INFINITY) + policy.reopenWithinMinutes * MINUTE_MS;
    openUntil.set(place, Math.max(end, openUntil.get(place) ?? end));
    if (joins) continue;
    const { to, route } = chooseRoute(seeds.routing, { ...episode, at }, duty.calendar);
    const found = receiverOnDuty(duty, grid.lineage(episode.division), to, at);
    tickets.push({
      id: `T-${tickets.length + 1}`,
      episodeId: episode.id,
      kind: episode.kind,
      division: episode.division,
      officerId: found.officerId ?? "",
      openedAt: isoWithOffset(at, offsetMs),
      state: "dispatched",
      routingReason: route === null ? found.reason : `${route}:${found.reason}`,
    });
  }
  return tickets;
}
