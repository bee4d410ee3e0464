/** The texts of an array's elements, as they stand: a refused one is kept byte for byte, which parsing and writing it
 *  again would not do (1e999 becomes null). `text` must be valid JSON of an array. */
export function splitArray(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') i = endOfString(text, i);
    else if (char === "[" || char === "{") {
      depth += 1;
      if (depth === 1) start = i + 1;
    } else if (char === "]" || char === "}") {
      depth -= 1;
      if (depth === 0) parts.push(text.slice(start, i));
    } else if (char === "," && depth === 1) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return parts.length === 1 && parts[0]?.trim() === "" ? [] : parts.map((part) => part.trim());
}

function endOfString(text: string, open: number): number {
  let i = open + 1;
  while (text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i;
}
