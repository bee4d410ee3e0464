import { emptyState, fromLists, type Lists, type LiveEvent, type LiveState, withEvents } from "./live-state.ts";

export interface LiveStore {
  state(): LiveState;
  /** Calls `listener` after every change; returns how to stop. */
  subscribe(listener: () => void): () => void;
  push(event: LiveEvent): void;
  /** Replaces everything; what is pushed until `load` resolves comes on top. */
  load(lists: () => Promise<Lists>): Promise<void>;
}

/** @param schedule calls back soon: at the next frame that is painted, or in a while where none is. */
export function createLiveStore(schedule: (flush: () => void) => void): LiveStore {
  let state = emptyState;
  let waiting: LiveEvent[] = [];
  let scheduled = false;
  let loads = 0;
  const listeners = new Set<() => void>();

  const become = (next: LiveState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const flush = () => {
    scheduled = false;
    // While the lists are on their way the events wait: they belong on top of them.
    if (waiting.length === 0 || loads > 0) return;
    const events = waiting;
    waiting = [];
    become(withEvents(state, events));
  };
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    push(event) {
      waiting.push(event);
      if (scheduled) return;
      scheduled = true;
      schedule(flush);
    },
    async load(lists) {
      loads += 1;
      try {
        const loaded = await lists();
        become(fromLists(loaded));
      } finally {
        loads -= 1;
        flush();
      }
    },
  };
}

/** A hidden page paints no frames; it still has to take what comes. */
const HIDDEN_MS = 1000;

export function atNextFrame(flush: () => void): void {
  if (document.visibilityState === "hidden") setTimeout(flush, HIDDEN_MS);
  else requestAnimationFrame(flush);
}
