import { DIVISION_LEVELS, type DivisionLevel, type Episode, type EpisodeKind, type Ticket } from "@hotgrid/contracts";
import { type Division, type Grid, inTerm, onDuty } from "@hotgrid/grid";
import type { Target } from "@hotgrid/tickets";
import { assignmentsIn, assignmentsOf, vendors } from "./adapters/people.ts";
import type { City, Trx } from "./ports.ts";

const VENDOR = "maintenance-vendor";

/** Where an episode is, from the city down to the smallest division known. An episode whose division this grid does
 *  not have (boundaries were imported anew) is looked up by its likeliest place; what is outside belongs to the city. */
export function lineageOf(
  grid: Grid,
  { division, lon, lat }: Pick<Episode, "division" | "lon" | "lat">,
): readonly Division[] {
  if (grid.divisions.has(division)) return grid.lineage(division);
  return grid.lineage(grid.locate(lon, lat)?.village ?? grid.city);
}

const downTo = (lineage: readonly Division[], level: DivisionLevel): readonly Division[] =>
  lineage.slice(0, DIVISION_LEVELS.indexOf(level) + 1);

/** Who gets a ticket first. null where nobody is in term up to the city. */
export async function firstReceiver(
  trx: Trx,
  { policy }: City,
  kind: EpisodeKind,
  lineage: readonly Division[],
  now: number,
): Promise<Target | null> {
  const handling = policy.kinds[kind];
  const to = handling.opens === "ticket" ? handling.to : ({ level: "village" } as const);
  return "level" in to ? duty(trx, downTo(lineage, to.level), now) : vendorOr(trx, lineage, to.otherwise, now);
}

async function vendorOr(
  trx: Trx,
  lineage: readonly Division[],
  otherwise: DivisionLevel,
  now: number,
): Promise<Target | null> {
  const codes = lineage.map(({ code }) => code);
  const found = await vendors(trx, { divisions: codes });
  const closest = codes.toReversed().flatMap((code) => found.filter(({ division }) => division === code))[0];
  if (closest !== undefined) return { ...closest, reason: VENDOR };
  const instead = await duty(trx, downTo(lineage, otherwise), now);
  return instead && { ...instead, reason: `no-vendor-${instead.reason}` };
}

async function duty(trx: Trx, lineage: readonly Division[], now: number): Promise<Target | null> {
  const codes = lineage.map(({ code }) => code);
  const found = codes.length === 0 ? null : onDuty(await assignmentsIn(trx, codes), lineage, now);
  return found && { officerId: found.officerId, division: found.division, reason: found.reason };
}

/** Who is next above the one who holds the ticket: another person, at a level further up. null at the top. */
export async function nextAbove(trx: Trx, city: City, ticket: Ticket, now: number): Promise<Target | null> {
  let above = linesAbove(city, ticket);
  while (above.length > 0) {
    const found = await duty(trx, above, now);
    if (found === null) return null;
    const level = city.grid.divisions.get(found.division)?.level ?? "city";
    if (found.officerId !== ticket.officerId) return { ...found, reason: `raised-to-${level}` };
    above = above.slice(
      0,
      above.findIndex(({ code }) => code === found.division),
    );
  }
  return null;
}

/** A vendor stands outside the lines: above it is the level that would have got the ticket without it. */
function linesAbove({ grid, policy }: City, ticket: Ticket): readonly Division[] {
  const handling = policy.kinds[ticket.kind];
  if (ticket.routingReason === VENDOR && handling.opens === "ticket" && "role" in handling.to) {
    return downTo(lineageOf(grid, ticket), handling.to.otherwise);
  }
  if (!grid.divisions.has(ticket.officerDivision)) return lineageOf(grid, ticket).slice(0, -1);
  return grid.lineage(ticket.officerDivision).slice(0, -1);
}

/** An officer in term, or a maintenance vendor, by id; at the division of his or hers that holds the place, else at
 *  any. null where there is none. */
export async function transferTarget(
  trx: Trx,
  { grid }: City,
  ticket: Ticket,
  officerId: string,
  now: number,
): Promise<Target | null> {
  const posts = [
    ...(await assignmentsOf(trx, officerId)).filter((a) => inTerm(a, now)),
    ...(await vendors(trx, { officerId })),
  ];
  const place = lineageOf(grid, ticket).map(({ code }) => code);
  const [post] = posts.toSorted((a, b) => place.indexOf(b.division) - place.indexOf(a.division));
  return post === undefined ? null : { officerId, division: post.division, reason: "transferred" };
}
