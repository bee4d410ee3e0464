/** Excel takes a CSV for the system's code page unless it begins with this mark. */
const UTF8_BOM = "\uFEFF";
const NEEDS_QUOTES = /[",\r\n]/;

export type CsvCell = string | number | null;

const quoted = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** RFC 4180 lines under a header, readable by Excel; null is an empty cell. Numbers and times of ours only: text that
 *  people typed could begin with a formula and is not for this function. */
export function writeCsv(header: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  const lines = [header.map(quoted).join(",")];
  for (const row of rows) lines.push(row.map((cell) => (cell === null ? "" : quoted(String(cell)))).join(","));
  return `${UTF8_BOM}${lines.join("\r\n")}\r\n`;
}
