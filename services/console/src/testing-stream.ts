import type { TestBrowser } from "./testing-browser.ts";

export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** A browser's stream of events, read one by one. */
export class TestStream {
  readonly #frames: AsyncGenerator<string>;
  readonly #abort: AbortController;

  private constructor(frames: AsyncGenerator<string>, abort: AbortController) {
    this.#frames = frames;
    this.#abort = abort;
  }

  static async open(browser: TestBrowser, lastEventId?: string): Promise<TestStream> {
    const abort = new AbortController();
    const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
    const response = await browser.fetch("GET", "/stream", { headers, signal: abort.signal });
    if (response.status !== 200 || !response.body) throw new Error(`the stream was answered ${response.status}`);
    return new TestStream(framesOf(response.body), abort);
  }

  /** The next event of one of these kinds, others passed over; null at the stream's end. */
  async next(...kinds: readonly string[]): Promise<StreamEvent | null> {
    for (;;) {
      const { value, done } = await this.#frames.next();
      if (done) return null;
      const event = parse(value);
      if (event && kinds.includes(event.event)) return event;
    }
  }

  /** The next `count` events of these kinds. */
  async take(count: number, ...kinds: readonly string[]): Promise<StreamEvent[]> {
    const events: StreamEvent[] = [];
    while (events.length < count) {
      const event = await this.next(...kinds);
      if (!event) throw new Error(`the stream ended after ${events.length} of ${count} events`);
      events.push(event);
    }
    return events;
  }

  /** Goes away without a word, as a phone in a tunnel does. */
  leave(): void {
    this.#abort.abort();
  }
}

async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + text).split("\n\n");
    rest = frames.pop() ?? "";
    yield* frames;
  }
}

function parse(frame: string): StreamEvent | null {
  const fields = new Map(
    frame.split("\n").map((line): [string, string] => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const [id, event, data] = [fields.get("id"), fields.get("event"), fields.get("data")];
  return id === undefined || event === undefined || data === undefined ? null : { id, event, data: JSON.parse(data) };
}
