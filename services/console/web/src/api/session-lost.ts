/** The server said of a request that there is no session any more. Heard by whoever keeps the session. */
const news = new EventTarget();

export const tellSessionLost = (): void => void news.dispatchEvent(new Event("lost"));

/** Returns how to stop listening. */
export function onSessionLost(listener: () => void): () => void {
  news.addEventListener("lost", listener);
  return () => news.removeEventListener("lost", listener);
}
