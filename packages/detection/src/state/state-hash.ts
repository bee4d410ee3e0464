import type { Columns } from "./columns.ts";

/** FNV-1a over 32-bit words, in two lanes with different offsets: 64 bits that prove a replay. */
const PRIME = 0x01000193;
const OFFSETS = [0x811c9dc5, 0x5bd1e995] as const;

export interface Hash {
  high: number;
  low: number;
}
export const newHash = (): Hash => ({ high: OFFSETS[0], low: OFFSETS[1] });

function hashWords(hash: Hash, words: Uint32Array): void {
  let { high, low } = hash;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    high = Math.imul(high ^ word, PRIME);
    low = (Math.imul(low ^ ((word >>> 16) | (word << 16)), PRIME) + i) | 0;
  }
  hash.high = high;
  hash.low = low;
}

export const hashText = ({ high, low }: Hash): string =>
  (high >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0");

/** The columns that carry what was learned and decided; rings follow from them and the input. */
const TELLING = ["ez", "base", "background", "residual", "offset", "scale", "gain", "tests"] as const;

export function hashColumns(hash: Hash, columns: Columns): void {
  for (const name of TELLING) {
    const column = columns[name];
    if (column) hashWords(hash, new Uint32Array(column.buffer, column.byteOffset, column.byteLength >> 2));
  }
}
