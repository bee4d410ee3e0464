import type { Span } from "@hotgrid/grid";
import { type Call, text, UsageError } from "./command.ts";

/** `--at`, else now, epoch ms. Throws UsageError where it is no moment. */
export function momentOf(call: Call, name = "at", otherwise = Date.now()): number {
  const word = text(call, name);
  if (word === undefined) return otherwise;
  const at = Date.parse(word);
  if (!/[+-]\d\d:\d\d$|Z$/.test(word) || Number.isNaN(at)) {
    throw new UsageError(`--${name} ${word}: give ISO 8601 with an offset, e.g. 2026-11-22T08:00:00+08:00`);
  }
  return at;
}

/** "2026-11-22 08:00" in the city. */
export function cityTime(at: number, utcOffset: string): string {
  const offset = Date.parse("1970-01-01T00:00:00Z") - Date.parse(`1970-01-01T00:00:00${utcOffset}`);
  return new Date(at + offset).toISOString().slice(0, 16).replace("T", " ");
}

/** The first of the spans in words, and how many more there are. */
export function when({ spans }: { readonly spans: readonly Span[] }, utcOffset: string): string {
  const [first] = spans;
  if (first === undefined) return "";
  const more = spans.length > 1 ? ` (+${spans.length - 1})` : "";
  return `${cityTime(first.from, utcOffset)} – ${cityTime(first.to, utcOffset)}${more}`;
}
