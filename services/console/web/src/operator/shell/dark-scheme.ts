import { useSyncExternalStore } from "react";

const query = matchMedia("(prefers-color-scheme: dark)");

/** Whether the system is set to dark, as it changes. */
export function useDarkScheme(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}

function subscribe(listener: () => void): () => void {
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}
