import { createHash, randomBytes } from "node:crypto";

/** Ours: as many as fit on a slip of paper. */
const COUNT = 10;
/** 80 bits: no guessing, so that one SHA-256 is enough to store a code. */
const BYTES = 10;
/** Crockford's Base32: no I, L, O, U, which people misread. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Ten new codes such as "7K2M-9QXD-0VTR-H4NC". */
export const newRecoveryCodes = (): readonly string[] => Array.from({ length: COUNT }, newCode);

function newCode(): string {
  const bits = [...randomBytes(BYTES)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const signs = bits.match(/.{5}/g) ?? [];
  const letters = signs.map((five) => ALPHABET[Number.parseInt(five, 2)]).join("");
  return letters.match(/.{4}/g)?.join("-") ?? letters;
}

/** SHA-256 in hex of a code as people type it: hyphens, spaces and case don't matter, O is 0, I and L are 1. */
export function recoveryCodeHash(code: string): string {
  const plain = code.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return createHash("sha256").update(plain).digest("hex");
}
