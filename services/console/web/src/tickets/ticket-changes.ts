import type { TicketChange } from "./ticket-change.ts";

interface Listener {
  readonly onChange: (change: TicketChange) => void;
  /** The stream began without a past: changes may have been missed. */
  readonly onGap?: () => void;
}

/** Every change that the stream brings, each by itself. A state that holds "the last one" would lose all but the last
 *  of a burst: the page renders once for several. */
export interface TicketChanges {
  publish(change: TicketChange): void;
  gap(): void;
  /** Returns how to stop. */
  subscribe(listener: Listener): () => void;
}

export function createTicketChanges(): TicketChanges {
  const listeners = new Set<Listener>();
  return {
    publish(change) {
      for (const { onChange } of listeners) onChange(change);
    },
    gap() {
      for (const { onGap } of listeners) onGap?.();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
