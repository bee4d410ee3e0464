import { useEffect, useRef, useState } from "react";
import type { ServerEvent } from "./event-parser.ts";
import { type ConnectionState, openEventStream } from "./event-stream.ts";

export interface StreamHandlers {
  readonly onEvent: (event: ServerEvent) => void;
  /** Load the lists: the stream has no past. */
  readonly onBegin: () => void;
}

/** Follows /api/v1/stream while mounted. The handlers may change from render to render. */
export function useEventStream(handlers: StreamHandlers): ConnectionState {
  const [state, setState] = useState<ConnectionState>("connecting");
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  }, [handlers]);
  useEffect(() => {
    const stream = openEventStream({
      url: "/api/v1/stream",
      onEvent: (event) => latest.current.onEvent(event),
      onBegin: () => latest.current.onBegin(),
      onState: setState,
    });
    const wake = () => {
      if (document.visibilityState === "visible") stream.wake();
    };
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      stream.close();
    };
  }, []);
  return state;
}
