import {
  coversDivision,
  DIVISION_LEVELS,
  type DivisionCode,
  type Episode,
  type Receiver,
  type Route,
  type RouteCondition,
  type RoutingTree,
  SHIFT_DAYS,
} from "@hotgrid/contracts";
import type { Division } from "./division.ts";
import type { Duty, DutyFinding, NobodyOnDuty } from "./duty.ts";
import type { DutyCalendar } from "./duty-calendar.ts";

/** What a route is chosen by. */
export interface Routed extends Pick<Episode, "kind" | "observedProperties" | "severity"> {
  /** The place. */
  readonly division: DivisionCode;
  /** Epoch ms UTC. */
  readonly at: number;
}

export interface ChosenRoute {
  readonly to: Receiver;
  /** Names of the branches from the trunk on, "devices/night"; null: no branch took it. */
  readonly route: string | null;
}

/** The first branch of the tree that takes it, as RoutingTree says, else its `otherwise`. */
export function chooseRoute(tree: RoutingTree, routed: Routed, calendar: DutyCalendar): ChosenRoute {
  for (const route of tree.routes) {
    if (!holds(route.when, routed, calendar)) continue;
    const chosen = within(route, routed, calendar);
    if (chosen !== null) return chosen;
  }
  return { to: tree.otherwise, route: null };
}

function within(route: Route, routed: Routed, calendar: DutyCalendar): ChosenRoute | null {
  const branch = "routes" in route ? route.routes.find(({ when }) => holds(when, routed, calendar)) : undefined;
  if (branch !== undefined) return { to: branch.to, route: `${route.name}/${branch.name}` };
  return route.to === undefined ? null : { to: route.to, route: route.name };
}

function holds(when: RouteCondition, routed: Routed, calendar: DutyCalendar): boolean {
  const { kinds, properties, severities, divisions, days, between } = when;
  if (kinds !== undefined && !kinds.includes(routed.kind)) return false;
  if (severities !== undefined && !severities.includes(routed.severity)) return false;
  if (properties !== undefined && !routed.observedProperties.some((one) => properties.includes(one))) return false;
  if (divisions !== undefined && !divisions.some((outer) => coversDivision(outer, routed.division))) return false;
  if (days === undefined && between === undefined) return true;
  const hours = { days: days ?? SHIFT_DAYS, ...(between ?? { start: "00:00", end: "00:00" }) };
  return calendar.holding(hours, routed.division, routed.at) !== null;
}

/** Who that is at a moment: whoever is on duty at the level, or the vendor, or (`no-vendor-…`) the level instead.
 *  @param lineage from the city down to the place */
export function receiverOnDuty(
  duty: Duty,
  lineage: readonly Division[],
  to: Receiver,
  at: number,
): DutyFinding | NobodyOnDuty {
  const atLevel = (level: Division["level"]) => duty.onDuty(lineage.slice(0, DIVISION_LEVELS.indexOf(level) + 1), at);
  if ("level" in to) return atLevel(to.level);
  const vendor = duty.vendor(lineage, at);
  if (vendor !== null) return vendor;
  const instead = atLevel(to.otherwise);
  return instead.officerId === null ? instead : { ...instead, reason: `no-vendor-${instead.reason}` };
}
