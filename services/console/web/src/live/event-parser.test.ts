import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventParser, type ServerEvent } from "./event-parser.ts";

function parse(...pieces: string[]): ServerEvent[] {
  const events: ServerEvent[] = [];
  const feed = createEventParser((event) => events.push(event));
  for (const piece of pieces) feed(piece);
  return events;
}

test.each<[string, string, ServerEvent[]]>([
  [
    "an event has its name, id and data",
    "id: 7\nevent: ticket\ndata: {}\n\n",
    [{ id: "7", event: "ticket", data: "{}" }],
  ],
  ["an event without a name is a message", "data: x\n\n", [{ id: "", event: "message", data: "x" }]],
  ["lines of data are joined", "data: a\ndata: b\n\n", [{ id: "", event: "message", data: "a\nb" }]],
  [
    "comments and unknown fields say nothing",
    ": hi\nretry: 3\nfoo\ndata:x\n\n",
    [{ id: "", event: "message", data: "x" }],
  ],
  [
    "an event without data is none, but sets the id",
    "id: 1\n\ndata: x\n\n",
    [{ id: "1", event: "message", data: "x" }],
  ],
  [
    "the id stays until another",
    "id: 1\ndata: a\n\ndata: b\n\n",
    [
      { id: "1", event: "message", data: "a" },
      { id: "1", event: "message", data: "b" },
    ],
  ],
  [
    "lines end with CR LF, CR or LF",
    "data: a\r\n\r\ndata: b\r\rdata: c\n\n",
    [
      { id: "", event: "message", data: "a" },
      { id: "", event: "message", data: "b" },
      { id: "", event: "message", data: "c" },
    ],
  ],
  ["an event that is not ended has not happened", "data: x\n", []],
])("%s", (_rule, text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test("however the network cuts the text, the events are the same", () => {
  const line = fc.constantFrom("data: 值", "data: b", "event: ticket", "id: 42", ": beat", "", "data", "nonsense: 1");
  const ending = fc.constantFrom("\n", "\r\n", "\r");
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 30 }),
      ending,
      fc.array(fc.nat(200), { maxLength: 12 }),
      (lines, end, cuts) => {
        // A last character that is no CR: a CR at the very end waits for what may follow.
        const text = `${lines.join(end)}${end}${end}: end`;
        const at = [0, ...cuts.map((cut) => cut % text.length).sort((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((to, index) => text.slice(at[index], to));
        expect(parse(...pieces)).toEqual(parse(text));
      },
    ),
  );
});

test("a stream that never ends a line does not fill the memory", () => {
  const feed = createEventParser(() => undefined);
  const piece = "x".repeat(1024 * 1024);
  expect(() => {
    for (let n = 0; n < 16; n++) feed(piece);
  }).toThrow(RangeError);
});
