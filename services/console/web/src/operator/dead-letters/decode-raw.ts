export interface DecodedRaw {
  readonly text: string;
  /** Shown in hexadecimal, because it is not UTF-8. */
  readonly binary: boolean;
  /** Kept, which may be less than were sent. */
  readonly bytes: number;
}

/** What a page can show without stopping. Ours. */
const SHOWN_CHARACTERS = 20_000;
/** Bytes of a line in hexadecimal. */
const LINE = 16;

/** A control character other than the white space of text. */
const CONTROL = /(?![\t\n\v\f\r])\p{Cc}/u;

/** @param raw base64. A cut in the middle of a character is still text. */
export function decodeRaw(raw: string): DecodedRaw {
  const bytes = Uint8Array.from(atob(raw), (character) => character.charCodeAt(0));
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    if (!CONTROL.test(text)) return { text: cut(text), binary: false, bytes: bytes.length };
  } catch {
    // Not UTF-8: shown as bytes below.
  }
  return { text: cut(hexadecimal(bytes)), binary: true, bytes: bytes.length };
}

const cut = (text: string): string => (text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);

function hexadecimal(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length && at < SHOWN_CHARACTERS; at += LINE)
    lines.push(Array.from(bytes.subarray(at, at + LINE), (byte) => byte.toString(16).padStart(2, "0")).join(" "));
  return lines.join("\n");
}
