import { type DivisionCode, parentDivision } from "@hotgrid/contracts";
import { type Division, type Grid, onDuty } from "@hotgrid/grid";
import type { Subject } from "../core/news.ts";
import type { People, Person } from "../core/plan-items.ts";
import type { Trx } from "../ports.ts";

/** Looks people and places up in a city's grid. */
export class PeopleOf {
  readonly #grid: Grid;
  constructor(grid: Grid) {
    this.#grid = grid;
  }

  placeName(division: DivisionCode): string {
    return this.#lineage(division)
      .slice(-2)
      .map(({ name }) => name)
      .join("");
  }

  /** From the city down; a division that this grid does not have belongs to the city. */
  lineage(division: DivisionCode | null): readonly Division[] {
    return division === null ? [] : this.#lineage(division);
  }

  #lineage(division: DivisionCode): readonly Division[] {
    return this.#grid.lineage(this.#grid.divisions.has(division) ? division : this.#grid.city);
  }
}

/** Who is to be told of a subject at `now`. */
export async function peopleFor(trx: Trx, subject: Subject, people: PeopleOf, now: number): Promise<People> {
  const above = subject.officerDivision && parentDivision(subject.officerDivision);
  return {
    holder: await officer(trx, subject.officerId),
    above: await onDutyIn(trx, people.lineage(above), now),
    duty: await onDutyIn(trx, people.lineage(subject.division), now),
  };
}

async function onDutyIn(trx: Trx, lineage: readonly Division[], now: number): Promise<Person | null> {
  if (lineage.length === 0) return null;
  const codes = lineage.map(({ code }) => code);
  const assignments = await trx
    .selectFrom("assignments")
    .select(["officer_id as officerId", "division", "role", "term_from as from", "term_to as to"])
    .where("division", "in", codes)
    .execute();
  return officer(trx, onDuty(assignments, lineage, now)?.officerId ?? null);
}

async function officer(trx: Trx, id: string | null): Promise<Person | null> {
  if (id === null) return null;
  const found = await trx.selectFrom("officers").select(["name", "phone"]).where("id", "=", id).executeTakeFirst();
  return found ?? null;
}
