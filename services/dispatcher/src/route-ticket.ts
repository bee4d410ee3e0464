import { DIVISION_LEVELS, type DivisionLevel, type Episode, type Ticket } from "@hotgrid/contracts";
import { type Division, type Grid, inCharge, inTerm, onDuty } from "@hotgrid/grid";
import type { Post, Target } from "@hotgrid/tickets";
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

/** Who gets a ticket first, with everybody above. null where nobody is in term up to the city. */
export async function firstReceiver(trx: Trx, city: City, place: Place, now: number): Promise<Target | null> {
  const handling = city.policy.kinds[place.kind];
  const to = handling.opens === "ticket" ? handling.to : ({ level: "village" } as const);
  const lineage = lineageOf(city.grid, place);
  const target = await ("level" in to
    ? duty(trx, downTo(lineage, to.level), now)
    : vendorOr(trx, lineage, to.otherwise, now));
  return target && withChain(trx, city, place, target, now);
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

/** Who is next above the one who holds the ticket: the next of the chain that was frozen onto it. Whose term ended
 *  since is replaced by whoever is in charge of that division now, or left out. null at the top. */
export async function nextAbove(trx: Trx, city: City, ticket: Ticket, now: number): Promise<Target | null> {
  const chain = ticket.escalationChain ?? (await chainAbove(trx, city, ticket, holderOf(ticket), now));
  for (const [position, post] of chain.entries()) {
    const there = await inTermOrInstead(trx, post, now);
    if (there !== null && there.officerId !== ticket.officerId) return { ...there, above: chain.slice(position + 1) };
  }
  return null;
}

const holderOf = (ticket: Ticket): Post => ({
  officerId: ticket.officerId,
  division: ticket.officerDivision,
  reason: ticket.routingReason,
});

async function inTermOrInstead(trx: Trx, post: Post, now: number): Promise<Post | null> {
  const there = await assignmentsIn(trx, [post.division]);
  if (there.some((a) => a.officerId === post.officerId && inTerm(a, now))) return post;
  const instead = inCharge(there, post.division, now);
  return instead && { ...post, officerId: instead.officerId };
}

type Place = Pick<Ticket, "kind" | "division" | "lon" | "lat">;

/** The target with everybody above it, as they are in charge now. */
export const withChain = async (trx: Trx, city: City, place: Place, target: Target, now: number): Promise<Target> => ({
  ...target,
  above: await chainAbove(trx, city, place, target, now),
});

/** One person of each level above, none twice in a row. */
async function chainAbove(trx: Trx, city: City, place: Place, holder: Post, now: number): Promise<readonly Post[]> {
  const chain: Post[] = [];
  let last = holder;
  let above = linesAbove(city, place, holder);
  while (above.length > 0) {
    const found = await duty(trx, above, now);
    if (found === null) break;
    const level = city.grid.divisions.get(found.division)?.level ?? "city";
    if (found.officerId !== last.officerId) {
      last = { officerId: found.officerId, division: found.division, reason: `raised-to-${level}` };
      chain.push(last);
    }
    above = above.slice(
      0,
      above.findIndex(({ code }) => code === found.division),
    );
  }
  return chain;
}

/** A vendor stands outside the lines: above it is the level that would have got the ticket without it. */
function linesAbove({ grid, policy }: City, place: Place, holder: Post): readonly Division[] {
  const handling = policy.kinds[place.kind];
  if (holder.reason === VENDOR && handling.opens === "ticket" && "role" in handling.to) {
    return downTo(lineageOf(grid, place), handling.to.otherwise);
  }
  if (!grid.divisions.has(holder.division)) return lineageOf(grid, place).slice(0, -1);
  return grid.lineage(holder.division).slice(0, -1);
}

/** An officer in term, or a maintenance vendor, by id; at the division of his or hers that holds the place, else at
 *  any. null where there is none. */
export async function transferTarget(
  trx: Trx,
  city: City,
  ticket: Ticket,
  officerId: string,
  now: number,
): Promise<Target | null> {
  const posts = [
    ...(await assignmentsOf(trx, officerId)).filter((a) => inTerm(a, now)),
    ...(await vendors(trx, { officerId })),
  ];
  const place = lineageOf(city.grid, ticket).map(({ code }) => code);
  const [post] = posts.toSorted((a, b) => place.indexOf(b.division) - place.indexOf(a.division));
  if (post === undefined) return null;
  return withChain(trx, city, ticket, { officerId, division: post.division, reason: "transferred" }, now);
}
