import type { Leave } from "@hotgrid/contracts";
import { inTerm } from "./duty-plan.ts";

/** Who is there for whom, by leave and substitute. */
export interface Presence {
  /** The officer, or while he or she is away the substitute, or the substitute's; null while all of them are away. */
  standIn(officerId: string, at: number): string | null;
  /** Every moment at which the answer for this officer may change. */
  changes(officerId: string): readonly number[];
}

export function createPresence(leaves: readonly Leave[]): Presence {
  // The leave that began last first: it is the one that knows most.
  const byOfficer = Map.groupBy(
    leaves.toSorted((a, b) => b.from - a.from || b.to - a.to || compare(a.substituteId ?? "", b.substituteId ?? "")),
    ({ officerId }) => officerId,
  );
  const resolve = (officerId: string, at: number, asked: Set<string>): string | null => {
    // Two who stand in for each other are both away.
    if (asked.has(officerId)) return null;
    asked.add(officerId);
    const away = (byOfficer.get(officerId) ?? []).filter((leave) => inTerm(leave, at));
    if (away.length === 0) return officerId;
    for (const { substituteId } of away) {
      const found = substituteId === null ? null : resolve(substituteId, at, asked);
      if (found !== null) return found;
    }
    return null;
  };
  return {
    standIn: (officerId, at) => resolve(officerId, at, new Set()),
    changes(officerId) {
      const reached = new Set([officerId]);
      // A set goes on with what is added while it is walked.
      for (const id of reached)
        for (const { substituteId } of byOfficer.get(id) ?? []) if (substituteId !== null) reached.add(substituteId);
      return [...reached].flatMap((id) => (byOfficer.get(id) ?? []).flatMap(({ from, to }) => [from, to]));
    },
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
