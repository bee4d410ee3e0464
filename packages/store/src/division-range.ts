import { type DivisionCode, divisionPrefix } from "@hotgrid/contracts";

/** Codes of a division and of all below it, as a range of texts: from inclusive, to exclusive. An index serves it in
 *  every collation, which `like 'prefix%'` does not on PostgreSQL. */
export function divisionRange(code: DivisionCode): readonly [from: string, to: string] {
  const prefix = divisionPrefix(code);
  return [prefix, (BigInt(prefix) + 1n).toString().padStart(prefix.length, "0")];
}
