/** One server-sent event (WHATWG HTML, 9.2 Server-sent events). */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  /** The last id that the stream has set, "" before the first. */
  readonly id: string;
}

/** No event of the console is larger; a stream that never ends a line must not fill the memory. Ours. */
const LIMIT_CHARACTERS = 8 * 1024 * 1024;

/** Takes the decoded text of an event stream in any pieces and reports whole events. Throws RangeError past the bound. */
export function createEventParser(onEvent: (event: ServerEvent) => void): (text: string) => void {
  let rest = "";
  let data: string[] = [];
  let size = 0;
  let name = "";
  let id = "";
  const dispatch = () => {
    if (data.length > 0) onEvent({ event: name || "message", data: data.join("\n"), id });
    data = [];
    size = 0;
    name = "";
  };
  const takeLine = (line: string) => {
    if (line === "") return dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") {
      data.push(value);
      size += value.length;
    } else if (field === "event") name = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  };
  return (text) => {
    rest += text;
    // A carriage return at the end may be half of a line end: it waits for what follows.
    const lines = rest.split(/\r\n|\n|\r(?=[\s\S])/);
    rest = lines.pop() ?? "";
    for (const line of lines) takeLine(line);
    if (rest.length + size > LIMIT_CHARACTERS) throw new RangeError("event too large");
  };
}
