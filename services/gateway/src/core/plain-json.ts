/** Bytes of JSON, RFC 8259 section 2. */
const [SPACE, QUOTE, COMMA, MINUS, DOT, ZERO, NINE] = [0x20, 0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x39];
const [COLON, BACKSLASH, OPEN, CLOSE, LAST_ASCII] = [0x3a, 0x5c, 0x7b, 0x7d, 0x7e];

/** Digits at most of an integer that a double holds for certain: divided by a power of ten, which a double holds as well, it
 *  gives the very value of JSON.parse, because there is one rounding. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** Takes a value; false where it is not plainly right. */
export type TakeValue = (json: PlainJson) => boolean;

interface Member {
  readonly name: Uint8Array;
  readonly bit: number;
  readonly take: TakeValue;
}
/** By the hash of the name. */
export type Members = ReadonlyMap<number, Member>;

const nextHash = (hash: number, byte: number): number => (hash * 31 + byte) | 0;

/** What an object may have, at most 31 names. The n-th has bit 2^n. */
export function membersOf(members: readonly (readonly [name: string, take: TakeValue])[]): Members {
  const byHash = new Map<number, Member>();
  for (const [index, [name, take]] of members.entries()) {
    const bytes = Buffer.from(name);
    byHash.set(bytes.reduce(nextHash, 0), { name: bytes, bit: 1 << index, take });
  }
  if (byHash.size !== members.length) throw new Error("two names have one hash: choose another multiplier");
  return byHash;
}

/** Reads the plain part of JSON from bytes: ASCII, no escapes, no exponents, at most one space after a comma, a colon or an
 *  opening brace. Everything else, right or wrong, is false or NaN, and then the place is of no use any more. */
export class PlainJson {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }
  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  #take(byte: number): boolean {
    if (this.#bytes[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  /** One of COMMA, COLON, OPEN, and the space behind. */
  #takeSpaced(byte: number): boolean {
    if (!this.#take(byte)) return false;
    this.#take(SPACE);
    return true;
  }

  open(): boolean {
    return this.#takeSpaced(OPEN);
  }
  close(): boolean {
    return this.#take(CLOSE);
  }
  comma(): boolean {
    return this.#takeSpaced(COMMA);
  }

  /** Members up to what is no comma, each name at most once. Returns the bits of those that were there, 0 where one is not
   *  plainly right. */
  members(known: Members): number {
    let seen = 0;
    do {
      const member = this.name(known);
      if (!member || (seen & member.bit) !== 0 || !member.take(this)) return 0;
      seen |= member.bit;
    } while (this.comma());
    return seen;
  }

  /** The next name and its colon. */
  name(known: Members): Member | undefined {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    if (bytes[this.#at] !== QUOTE) return undefined;
    let at = start;
    let hash = 0;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
      if (byte === undefined) return undefined;
      hash = nextHash(hash, byte);
    }
    const member = known.get(hash);
    if (!member || member.name.length !== at - start) return undefined;
    const { name } = member;
    for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return undefined;
    this.#at = at + 1;
    return this.#takeSpaced(COLON) ? member : undefined;
  }

  /** A text, or a number as number() has it; NaN for what is not plain. */
  scalar(): string | number {
    if (this.#bytes[this.#at] !== QUOTE) return this.number();
    const characters = this.text();
    return Number.isNaN(characters)
      ? characters
      : this.#bytes.toString("latin1", this.#at - 1 - characters, this.#at - 1);
  }

  /** Characters of a text; NaN where it is not plain. */
  text(): number {
    if (!this.#take(QUOTE)) return Number.NaN;
    const start = this.#at;
    for (;;) {
      const byte = this.#bytes[this.#at] ?? 0;
      this.#at += 1;
      if (byte === QUOTE) return this.#at - 1 - start;
      if (byte < SPACE || byte > LAST_ASCII || byte === BACKSLASH) return Number.NaN;
    }
  }

  /** A number as JSON.parse reads it; NaN where it is not plain, also for -0, which JSON.stringify would write as 0. */
  number(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    const negative = bytes[at] === MINUS;
    if (negative) at += 1;
    const start = at;
    let value = 0;
    let byte = bytes[at] ?? 0;
    for (; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) value = value * 10 + (byte - ZERO);
    let digits = at - start;
    if (digits === 0 || (digits > 1 && bytes[start] === ZERO)) return Number.NaN;
    if (byte === DOT) {
      const point = ++at;
      byte = bytes[at] ?? 0;
      for (; byte >= ZERO && byte <= NINE; byte = bytes[++at] ?? 0) value = value * 10 + (byte - ZERO);
      if (at === point) return Number.NaN;
      digits += at - point;
      value /= POWERS_OF_TEN[at - point] ?? Number.NaN;
    }
    if (digits > EXACT_DIGITS) value = Number(bytes.toString("latin1", start, at));
    this.#at = at;
    if (negative) return value === 0 ? Number.NaN : -value;
    return value;
  }
}
