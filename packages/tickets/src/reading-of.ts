import { decidingReading, type Episode } from "@hotgrid/contracts";

/** What a ticket and its history say of the reading that decided. */
export function readingOf(episode: Episode): { readonly reading?: string } {
  const reading = decidingReading(episode);
  return reading === undefined ? {} : { reading };
}
