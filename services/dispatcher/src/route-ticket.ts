import {
  DIVISION_LEVELS,
  type DivisionLevel,
  divisionLevel,
  type Episode,
  type Receiver,
  type Ticket,
} from "@hotgrid/contracts";
import {
  chooseRoute,
  createDuty,
  type Division,
  type Duty,
  type DutyCalendar,
  type DutyFinding,
  type Grid,
  type NobodyOnDuty,
  receiverOnDuty,
} from "@hotgrid/grid";
import { readDutyPlan } from "@hotgrid/store";
import type { Post, Target } from "@hotgrid/tickets";
import { divisionsOf } from "./adapters/people.ts";
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

/** What a route is chosen by, of an episode or of a ticket. */
type Place = Pick<Ticket, "kind" | "division" | "lon" | "lat" | "severity" | "observedProperties">;

/** Who gets a ticket first, with everybody above. null where nobody is there up to the city. */
export async function firstReceiver(trx: Trx, city: City, place: Place, now: number): Promise<Target | null> {
  const lineage = lineageOf(city.grid, place);
  const duty = await dutyOf(trx, city, lineage, now);
  const { to, route } = receiverOf(city, place, duty.calendar, now);
  const found = receiverOnDuty(duty, lineage, to, now);
  if (found.officerId === null) return null;
  const reason = route === null ? found.reason : `${route}:${found.reason}`;
  return withChain(trx, city, place, { officerId: found.officerId, division: found.division, reason }, now);
}

/** What the city's routing says of it. */
function receiverOf(
  city: City,
  place: Place,
  calendar: DutyCalendar,
  now: number,
): { readonly to: Receiver; readonly route: string | null } {
  const division = lineageOf(city.grid, place).at(-1)?.code ?? city.grid.city;
  return chooseRoute(city.routing, { ...place, division, at: now }, calendar);
}

const dutyOf = async (trx: Trx, city: City, lineage: readonly Division[], now: number): Promise<Duty> =>
  createDuty(await readDutyPlan(trx, city.utcOffset, { divisions: lineage.map(({ code }) => code), at: now }));

/** Who is next above the one who holds the ticket: the next of the chain that was frozen onto it. Who is no
 *  longer in term, is away or has no shift now is replaced by whoever is on duty for that division, or left out. null at the top. */
export async function nextAbove(trx: Trx, city: City, ticket: Ticket, now: number): Promise<Target | null> {
  const chain = ticket.escalationChain ?? (await chainAbove(trx, city, ticket, holderOf(ticket), now));
  for (const [position, post] of chain.entries()) {
    const there = await thereOrInstead(trx, city, post, now);
    if (there !== null && there.officerId !== ticket.officerId) return { ...there, above: chain.slice(position + 1) };
  }
  return null;
}

const holderOf = (ticket: Ticket): Post => ({
  officerId: ticket.officerId,
  division: ticket.officerDivision,
  reason: ticket.routingReason,
});

async function thereOrInstead(trx: Trx, { utcOffset }: City, post: Post, now: number): Promise<Post | null> {
  const duty = createDuty(await readDutyPlan(trx, utcOffset, { divisions: [post.division], at: now }));
  const own = { code: post.division, level: divisionLevel(post.division) };
  const found: DutyFinding | NobodyOnDuty = duty.onDuty([own], now);
  const rostered = found.officerId !== null && found.role === "shift";
  if (!rostered && duty.serves(post.officerId, post.division, now)) return post;
  return found.officerId === null ? null : { ...post, officerId: found.officerId };
}

/** The target with everybody above it, as they are in charge now. */
const withChain = async (trx: Trx, city: City, place: Place, target: Target, now: number): Promise<Target> => ({
  ...target,
  above: await chainAbove(trx, city, place, target, now),
});

/** One person of each level above, none twice in a row. */
async function chainAbove(trx: Trx, city: City, place: Place, holder: Post, now: number): Promise<readonly Post[]> {
  const chain: Post[] = [];
  let last = holder;
  const lineage = lineageOf(city.grid, place);
  const own = city.grid.divisions.has(holder.division) ? city.grid.lineage(holder.division) : lineage;
  const duty = await dutyOf(trx, city, [...lineage, ...own], now);
  let above: readonly Division[] = own.slice(0, -1);
  if (holder.reason.endsWith(VENDOR)) {
    const { to } = receiverOf(city, place, duty.calendar, now);
    // A vendor stands outside the lines: above it is the level that would have got the ticket without it.
    if ("otherwise" in to) above = downTo(lineage, to.otherwise);
  }
  while (above.length > 0) {
    const found = duty.onDuty(above, now);
    if (found.officerId === null) break;
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

/** An officer in term, or a maintenance vendor, by id; at the division of his or hers that holds the place, else at
 *  any. null where there is none. */
export async function transferTarget(
  trx: Trx,
  city: City,
  ticket: Ticket,
  officerId: string,
  now: number,
): Promise<Target | null> {
  const posts = await divisionsOf(trx, officerId, now);
  const place = lineageOf(city.grid, ticket).map(({ code }) => code);
  const [post] = posts.toSorted((a, b) => place.indexOf(b) - place.indexOf(a));
  if (post === undefined) return null;
  return withChain(trx, city, ticket, { officerId, division: post, reason: "transferred" }, now);
}
