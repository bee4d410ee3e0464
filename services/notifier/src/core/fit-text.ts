import type { OutboundMessage } from "./render-message.ts";

const ENCODER = new TextEncoder();
const bytes = (text: string): number => ENCODER.encode(text).length;

/** Title and as many whole lines as fit; what doesn't is counted, and the last line (the link) stays.
 *  @param limitBytes of UTF-8 */
export function fitText({ title, lines }: Pick<OutboundMessage, "title" | "lines">, limitBytes: number): string {
  const whole = [title, ...lines].join("\n");
  if (bytes(whole) <= limitBytes) return whole;
  for (let kept = lines.length - 2; kept > 0; kept--) {
    const left = lines.length - 1 - kept;
    const text = [title, ...lines.slice(0, kept), `… +${left}`, ...lines.slice(-1)].join("\n");
    if (bytes(text) <= limitBytes) return text;
  }
  return cut([title, ...lines.slice(-1)].join("\n"), limitBytes);
}

/** Never cuts a character in two. */
function cut(text: string, limitBytes: number): string {
  const { read } = ENCODER.encodeInto(text, new Uint8Array(limitBytes));
  return text.slice(0, read);
}
