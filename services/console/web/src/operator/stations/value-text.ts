import { type ObservedProperty, PROPERTY_DEFINITIONS } from "@hotgrid/contracts";

/** A value with as many decimals as are worth showing, and its unit. */
export function valueText(property: ObservedProperty, value: number): string {
  const { decimals, unit } = PROPERTY_DEFINITIONS[property];
  return `${value.toFixed(decimals)} ${unit}`;
}
