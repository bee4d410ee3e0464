import { type DivisionCode, parentDivision } from "@hotgrid/contracts";
import { createDuty, type Division, type Grid } from "@hotgrid/grid";
import { devicesOfOfficer, readDutyPlan } from "@hotgrid/store";
import type { Subject } from "../core/news.ts";
import type { People, Reachable } from "../core/plan-items.ts";
import type { Trx } from "../ports.ts";

/** Looks people and places up in a city's grid. */
export class PeopleOf {
  readonly #grid: Grid;
  /** Of the city's local time, e.g. "+08:00". */
  readonly utcOffset: string;
  constructor(grid: Grid, utcOffset: string) {
    this.#grid = grid;
    this.utcOffset = utcOffset;
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
    above: await onDutyIn(trx, people.lineage(above), people.utcOffset, now),
    duty: await onDutyIn(trx, people.lineage(subject.division), people.utcOffset, now),
  };
}

async function onDutyIn(
  trx: Trx,
  lineage: readonly Division[],
  utcOffset: string,
  at: number,
): Promise<Reachable | null> {
  if (lineage.length === 0) return null;
  const plan = await readDutyPlan(trx, utcOffset, { divisions: lineage.map(({ code }) => code), at });
  return officer(trx, createDuty(plan).onDuty(lineage, at).officerId);
}

async function officer(trx: Trx, id: string | null): Promise<Reachable | null> {
  if (id === null) return null;
  const found = await trx.selectFrom("officers").select(["name", "phone"]).where("id", "=", id).executeTakeFirst();
  return found === undefined ? null : { ...found, devices: await devicesOfOfficer(trx, id) };
}
