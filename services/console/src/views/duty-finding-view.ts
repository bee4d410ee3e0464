import type { DutyView, Officer } from "@hotgrid/contracts";
import type { DutyFinding, DutySpan, NobodyOnDuty } from "@hotgrid/grid";
import type { PeopleStore } from "@hotgrid/store";
import type { IsoWriter } from "../core/iso-time.ts";

/** Somebody by id; who is not known any more keeps the id for a name. */
export type PersonOf = (id: string | null) => Officer | null;

export async function personOf(people: PeopleStore): Promise<PersonOf> {
  const officers = new Map((await people.officers()).map((officer) => [officer.id, officer]));
  return (id) => (id === null ? null : (officers.get(id) ?? { id, name: id, phone: "" }));
}

export function findingView(found: DutyFinding | NobodyOnDuty, person: PersonOf) {
  if (found.officerId === null) return { officer: null, role: null, reason: found.reason, standsInFor: null };
  const { officerId, role, reason, standsInFor } = found;
  return { officer: person(officerId), role, reason, standsInFor: person(standsInFor) };
}

export const spanViews = (spans: readonly DutySpan[], iso: IsoWriter, person: PersonOf): DutyView["spans"] =>
  spans.map(({ from, to, found }) => ({ from: iso(from), to: iso(to), ...findingView(found, person) }));
