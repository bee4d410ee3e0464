import { createEventParser, type ServerEvent } from "./event-parser.ts";

/** What the page shows of its connection; "ended" is a session that is over, nothing is tried again. */
export type ConnectionState = "connecting" | "live" | "lost" | "ended";

export interface EventStreamOptions {
  readonly url: string;
  readonly onEvent: (event: ServerEvent) => void;
  /** The stream begins without a past, at first or because the server could not resume (event "reset"): what was
   *  before has to be loaded from the lists. */
  readonly onBegin: () => void;
  readonly onState: (state: ConnectionState) => void;
  /** Pause before the nth attempt after a loss (n from 1), ms. */
  readonly pauseMs?: (attempt: number) => number;
  /** Without a byte for so long (the server sends comments in between) the connection is dead, ms. */
  readonly silenceMs?: number;
}

export interface EventStream {
  close(): void;
  /** Ends the pause before the next attempt: the network is back, the phone was woken. */
  wake(): void;
}

/** Doubling from 1 s to 15 s, with up to a quarter of chance so that a thousand pages do not return at once. Ours. */
const growingPause = (attempt: number): number => Math.min(15_000, 500 * 2 ** attempt) * (1 + Math.random() / 4);
/** Three of the server's heartbeats of 15 s. */
const SILENCE_MS = 45_000;

/** Follows an event stream until closed. After a loss it goes on behind the last event it had (Last-Event-ID). Not the
 *  browser's EventSource: that gives up for good after an answer such as 503, hides the status, and does not notice a
 *  dead connection. */
export function openEventStream(options: EventStreamOptions): EventStream {
  const { url, onEvent, onBegin, onState, pauseMs = growingPause, silenceMs = SILENCE_MS } = options;
  const closing = new AbortController();
  let lastEventId = "";
  let attempt = 0;
  let endPause: () => void = () => {};

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const once = async (): Promise<"ended" | "lost"> => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const expectBytes = () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), silenceMs);
    };
    const onClose = () => abort.abort();
    closing.signal.addEventListener("abort", onClose);
    try {
      expectBytes();
      const response = await fetch(url, {
        credentials: "same-origin",
        cache: "no-store",
        headers: { accept: "text/event-stream", ...(lastEventId === "" ? {} : { "last-event-id": lastEventId }) },
        signal: abort.signal,
      });
      if (response.status === 401 || response.status === 403) return "ended";
      if (!response.ok || response.body === null) return "lost";
      const feed = createEventParser((event) => {
        if (event.id !== "") lastEventId = event.id;
        if (event.event === "reset") onBegin();
        else onEvent(event);
      });
      attempt = 0;
      onState("live");
      if (lastEventId === "") onBegin();
      await readAll(response.body, (text) => {
        expectBytes();
        feed(text);
      });
      return "lost";
    } finally {
      clearTimeout(timer);
      closing.signal.removeEventListener("abort", onClose);
      abort.abort();
    }
  };

  const follow = async (): Promise<void> => {
    onState("connecting");
    while (!closing.signal.aborted) {
      // Whatever broke the connection, the answer is the same: try again from the last event.
      const outcome = await once().catch((): "lost" => "lost");
      if (closing.signal.aborted) return;
      onState(outcome);
      if (outcome === "ended") return;
      attempt += 1;
      await pause(pauseMs(attempt));
    }
  };
  void follow();

  return {
    close() {
      closing.abort();
      endPause();
    },
    wake: () => endPause(),
  };
}

async function readAll(body: ReadableStream<Uint8Array>, onText: (text: string) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onText(decoder.decode(value, { stream: true }));
  }
}
