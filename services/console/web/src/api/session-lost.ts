/** The server said of a request that there is no session any more. Heard by whoever keeps the session. */
const news = new EventTarget();
let changes = 0;

/** Somebody has logged in or out: what was asked before, and is answered only now, says nothing of what is now. */
export const tellSessionChanged = (): void => {
  changes += 1;
};

/** To be called when a request is sent. Returns what tells that its answer was that there is no session. */
export function watchSession(): () => void {
  const sentAt = changes;
  return () => {
    if (sentAt === changes) news.dispatchEvent(new Event("lost"));
  };
}

/** Returns how to stop listening. */
export function onSessionLost(listener: () => void): () => void {
  news.addEventListener("lost", listener);
  return () => news.removeEventListener("lost", listener);
}
