import type { Role } from "@hotgrid/contracts";
import type { PageName } from "../use-route.ts";

const SUPERVISORS: readonly Role[] = ["supervisor", "administrator"];
const DESK: readonly Role[] = ["supervisor", "operator", "administrator"];

/** Of a third party, who comes for the tickets that were chosen. */
const INSPECTORS: readonly PageName[] = ["overview", "feed", "inspection"];

/** Whom the server answers; a page that is not here is everybody's, but the inspectors'. */
const ROLES: Readonly<Partial<Record<PageName, readonly Role[]>>> = {
  inspection: SUPERVISORS,
  notifications: DESK,
  boundaries: DESK,
  audit: SUPERVISORS,
  "dead-letters": ["operator", "administrator"],
};

export const maySeePage = (page: PageName, role: Role): boolean =>
  role === "inspector" ? INSPECTORS.includes(page) : (ROLES[page]?.includes(role) ?? true);

/** Whom the server tells of holes in the duties. */
export const maySeeCoverage = (role: Role): boolean => SUPERVISORS.includes(role);

/** Whom the server lets direct the demo: its speed, its fires. */
export const mayDirect = (role: Role): boolean => DESK.includes(role);
