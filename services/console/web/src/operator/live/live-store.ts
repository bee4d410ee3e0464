import { emptyState, fromLists, type Lists, type LiveEvent, type LiveState, withEvents } from "./live-state.ts";

export interface LiveStore {
  state(): LiveState;
  /** Calls `listener` after every change; returns how to stop. */
  subscribe(listener: () => void): () => void;
  push(event: LiveEvent): void;
  /** Replaces everything; what is pushed until `load` resolves comes on top. */
  load(lists: () => Promise<Lists>): Promise<void>;
}

/** Readings come fifty times a second and change every number on the page: they may wait for each other. */
export type Haste = "soon" | "gathered";

/** @param schedule calls back: soon, or once enough has gathered. */
export function createLiveStore(schedule: (flush: () => void, haste: Haste) => void): LiveStore {
  let state = emptyState;
  let waiting: LiveEvent[] = [];
  const scheduled = new Set<Haste>();
  let loads = 0;
  const listeners = new Set<() => void>();

  const become = (next: LiveState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const flush = () => {
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
      const haste = event.event === "reading-summary" ? "gathered" : "soon";
      if (scheduled.has(haste)) return;
      scheduled.add(haste);
      schedule(() => {
        scheduled.delete(haste);
        flush();
      }, haste);
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

/** For how long readings gather; and a hidden page, which paints no frames, still has to take what comes. Ours. */
const GATHER_MS = 1000;

/** At the next frame that is painted, where there are any and it is for soon. */
export function atNextFrame(flush: () => void, haste: Haste): void {
  if (haste === "gathered" || document.visibilityState === "hidden") setTimeout(flush, GATHER_MS);
  else requestAnimationFrame(flush);
}
