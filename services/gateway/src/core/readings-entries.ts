import { readingSubject } from "@hotgrid/contracts";

/** Characters of one log message at most. JSON of readings is ASCII but for a firmware's name, so that this stays below
 *  1 MiB, the largest message of NATS by default (nats-server's max_payload). Ours. */
const MESSAGE_CHARACTERS = 512 * 1024;

/** Log messages of one append: the readings of each city together, split where they grow too long, then its clock
 *  mark. `texts` are readings as JSON. */
export function readingsEntries(
  group: readonly { readonly city: string; readonly texts: readonly string[] }[],
  marks: ReadonlyMap<string, number>,
): { subject: string; data: Uint8Array }[] {
  const cities = new Map<string, string[]>();
  for (const { city, texts } of group) {
    const all = cities.get(city) ?? [];
    cities.set(city, all);
    for (const text of texts) all.push(text);
  }
  const entries = [...cities].flatMap(([city, texts]) => inMessages(texts).map((part) => readingsEntry(city, part)));
  for (const [city, at] of marks) entries.push(entryOf(city, JSON.stringify({ kind: "clock", city, at })));
  return entries;
}

function inMessages(texts: readonly string[]): string[][] {
  const parts: string[][] = [];
  let characters = MESSAGE_CHARACTERS;
  for (const text of texts) {
    if (characters + text.length > MESSAGE_CHARACTERS) {
      parts.push([]);
      characters = 0;
    }
    parts.at(-1)?.push(text);
    characters += text.length + 1;
  }
  return parts;
}

const readingsEntry = (city: string, texts: readonly string[]) =>
  entryOf(city, `{"kind":"readings","city":${JSON.stringify(city)},"readings":[${texts.join(",")}]}`);

const entryOf = (city: string, text: string) => ({ subject: readingSubject(city), data: Buffer.from(text) });
