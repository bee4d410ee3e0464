import type { Station } from "@hotgrid/contracts";

/** The stations in service; asked at every connection. */
export interface StationDirectory {
  /** secretHash null: no secret was issued yet. undefined: not in service. */
  find(id: string): { readonly station: Station; readonly secretHash: string | null } | undefined;
  all(): readonly Station[];
}
