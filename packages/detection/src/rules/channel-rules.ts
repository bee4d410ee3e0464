import type { ObservedProperty, Station } from "@hotgrid/contracts";
import type { DetectionRules, Override } from "./detection-rules.ts";
import type { ChannelParameter, PropertyRules } from "./property-rules.ts";
import { CHANNEL_PARAMETER_NAMES } from "./property-rules.ts";

/** The parameters that apply to one station's one property in one month, as plain numbers in the property's unit. */
export type ChannelRules = Readonly<Record<ChannelParameter, number>>;

/** Later overrides win over earlier ones. */
export function channelRules(
  rules: DetectionRules,
  base: PropertyRules,
  property: ObservedProperty,
  station: Pick<Station, "kind" | "division">,
  month: number,
): ChannelRules {
  const numbers = plain(base);
  for (const override of rules.overrides) {
    if (applies(override, property, station, month)) Object.assign(numbers, plain(override.set));
  }
  return numbers as ChannelRules;
}

function applies(
  { when }: Override,
  property: ObservedProperty,
  station: Pick<Station, "kind" | "division">,
  month: number,
): boolean {
  return (
    (when.properties?.includes(property) ?? true) &&
    (when.kinds?.includes(station.kind) ?? true) &&
    (when.divisions?.some((code) => station.division.startsWith(code)) ?? true) &&
    (when.months?.includes(month) ?? true)
  );
}

function plain(
  table: { [P in ChannelParameter]?: PropertyRules[P] | undefined },
): Partial<Record<ChannelParameter, number>> {
  const numbers: Partial<Record<ChannelParameter, number>> = {};
  for (const name of CHANNEL_PARAMETER_NAMES) {
    const entry = table[name];
    if (entry !== undefined) numbers[name] = typeof entry === "number" ? entry : entry.value;
  }
  return numbers;
}
