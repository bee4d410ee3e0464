import type { Episode } from "@hotgrid/contracts";

const DAY_MS = 86_400_000;
const FEWEST_DIGITS = 4;
const MOST_DIGITS = 9;

/** Candidate ids of an episode's ticket, in order: take the first that no other episode's ticket has. The local day of
 *  its start and four digits out of its id, e.g. 261122-4837, to be said on the phone; more digits where two of one
 *  day fall together. The same episode gives the same ids whenever it is processed again.
 *  @param utcOffset of the city, e.g. "+08:00" */
export function ticketIds(episode: Pick<Episode, "id" | "startedAt">, utcOffset: string): readonly string[] {
  const local = new Date(episode.startedAt + offsetMs(utcOffset)).toISOString();
  const day = local.slice(2, 10).replaceAll("-", "");
  const digits = (fnv1a(episode.id) % 10 ** MOST_DIGITS).toString().padStart(MOST_DIGITS, "0");
  const lengths = Array.from({ length: MOST_DIGITS - FEWEST_DIGITS + 1 }, (_, more) => FEWEST_DIGITS + more);
  return lengths.map((length) => `${day}-${digits.slice(-length)}`);
}

/** "+08:00" in ms; a whole day at most. */
export function offsetMs(utcOffset: string): number {
  const match = /^([+-])(\d{2}):(\d{2})$/.exec(utcOffset);
  if (match === null) throw new Error(`not an offset like +08:00: ${utcOffset}`);
  const ms = (Number(match[2]) * 60 + Number(match[3])) * 60_000;
  return (match[1] === "-" ? -ms : ms) % DAY_MS;
}

/** FNV-1a, 32 bit (RFC 9923): spreads similar ids well, and needs no crypto in the core. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
