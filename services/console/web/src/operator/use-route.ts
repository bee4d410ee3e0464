import { useCallback, useMemo, useSyncExternalStore } from "react";

export const PAGES = [
  "overview",
  "feed",
  "tickets",
  "inspection",
  "duty",
  "notifications",
  "boundaries",
  "audit",
  "dead-letters",
] as const;
export type PageName = (typeof PAGES)[number];

const DRAWERS = ["ticket", "station", "episode"] as const;
type DrawerName = (typeof DRAWERS)[number];

/** What is open lies in the address (#/tickets?ticket=…), so that a link leads back to it and the back key works. */
export interface Route extends Readonly<Record<DrawerName, string | null>> {
  readonly page: PageName;
  /** What the page is asked about: the audit's ticket, the duty's division or cell. */
  readonly about: string | null;
}

const nothingOpen = { ticket: null, station: null, episode: null, about: null };

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const page = PAGES.find((name) => name === path) ?? "overview";
  const parameters = new URLSearchParams(query);
  return {
    page,
    ticket: parameters.get("ticket"),
    station: parameters.get("station"),
    episode: parameters.get("episode"),
    about: parameters.get("about"),
  };
}

/** The address of a page and what is open on it. */
export function routeHash({ page, ...open }: Pick<Route, "page"> & Partial<Route>): string {
  const parameters = new URLSearchParams();
  for (const name of ["about", ...DRAWERS] as const) {
    const id = open[name] ?? null;
    if (id !== null) parameters.set(name, id);
  }
  const query = parameters.toString();
  return `#/${page === "overview" ? "" : page}${query === "" ? "" : `?${query}`}`;
}

export interface Navigation {
  readonly route: Route;
  readonly goTo: (page: PageName, about?: string) => void;
  /** Opens one drawer, on the page where we are; null closes it. */
  readonly open: (drawer: DrawerName, id: string | null) => void;
}

export function useRoute(): Navigation {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const route = useMemo(() => parseRoute(hash), [hash]);
  const goTo = useCallback((page: PageName, about?: string) => {
    location.hash = routeHash({ page, ...nothingOpen, about: about ?? null });
  }, []);
  const open = useCallback((drawer: DrawerName, id: string | null) => {
    const { page, about } = parseRoute(location.hash);
    location.hash = routeHash({ page, ...nothingOpen, about, [drawer]: id });
  }, []);
  return useMemo(() => ({ route, goTo, open }), [route, goTo, open]);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}
