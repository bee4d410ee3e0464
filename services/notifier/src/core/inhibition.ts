import { coversDivision } from "@hotgrid/contracts";
import type { Subject } from "./news.ts";
import type { Inhibition } from "./notification-rules.ts";

/** The open subject that mutes this one, if any. Nothing mutes itself. */
export function mutedBy(subject: Subject, open: readonly Subject[], rules: readonly Inhibition[]): Subject | null {
  for (const rule of rules) {
    if (!rule.mutes.includes(subject.kind) || !rule.severities.includes(subject.severity)) continue;
    const source = open.find(
      (other) => other.id !== subject.id && other.kind === rule.by && !other.isOver && reaches(other, subject, rule),
    );
    if (source !== undefined) return source;
  }
  return null;
}

function reaches(source: Subject, subject: Subject, { where }: Inhibition): boolean {
  if (where === "stations") {
    return subject.stationIds.length > 0 && subject.stationIds.every((id) => source.stationIds.includes(id));
  }
  const shared = subject.observedProperties.some((property) => source.observedProperties.includes(property));
  return shared && coversDivision(source.division, subject.division);
}
