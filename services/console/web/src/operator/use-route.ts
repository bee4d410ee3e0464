import { useCallback, useMemo, useSyncExternalStore } from "react";

export const PAGES = ["overview", "feed", "tickets", "dead-letters"] as const;
type PageName = (typeof PAGES)[number];

/** What is open lies in the address (#/tickets?ticket=…), so that a link leads back to it and the back key works. */
export interface Route {
  readonly page: PageName;
  readonly ticket: string | null;
  readonly station: string | null;
  readonly episode: string | null;
}

const DRAWERS = ["ticket", "station", "episode"] as const;
const nothingOpen = { ticket: null, station: null, episode: null };

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const page = PAGES.find((name) => name === path) ?? "overview";
  const parameters = new URLSearchParams(query);
  return {
    page,
    ticket: parameters.get("ticket"),
    station: parameters.get("station"),
    episode: parameters.get("episode"),
  };
}

export function routeHash(route: Route): string {
  const parameters = new URLSearchParams();
  for (const name of DRAWERS) {
    const id = route[name];
    if (id !== null) parameters.set(name, id);
  }
  const query = parameters.toString();
  return `#/${route.page === "overview" ? "" : route.page}${query === "" ? "" : `?${query}`}`;
}

export interface Navigation {
  readonly route: Route;
  readonly goTo: (page: PageName) => void;
  /** Opens one drawer, on the page where we are; null closes it. */
  readonly open: (drawer: (typeof DRAWERS)[number], id: string | null) => void;
}

export function useRoute(): Navigation {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const route = useMemo(() => parseRoute(hash), [hash]);
  const goTo = useCallback((page: PageName) => {
    location.hash = routeHash({ page, ...nothingOpen });
  }, []);
  const open = useCallback((drawer: (typeof DRAWERS)[number], id: string | null) => {
    const { page } = parseRoute(location.hash);
    location.hash = routeHash({ page, ...nothingOpen, [drawer]: id });
  }, []);
  return useMemo(() => ({ route, goTo, open }), [route, goTo, open]);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}
