import type { DemoClockView, EpisodeView, StationView, TicketView } from "@hotgrid/contracts";
import { createContext, useCallback, useContext, useMemo, useState, useSyncExternalStore } from "react";
import { callPages } from "../../api/call.ts";
import type { ServerEvent } from "../../live/event-parser.ts";
import type { ConnectionState } from "../../live/event-stream.ts";
import { useEventStream } from "../../live/use-event-stream.ts";
import { createTicketChanges, type TicketChanges } from "../../tickets/ticket-changes.ts";
import type { Lists, LiveEvent, LiveState } from "./live-state.ts";
import { SETTLED_LIMIT } from "./live-state.ts";
import { atNextFrame, createLiveStore, type LiveStore } from "./live-store.ts";

/** Larger cities have some thousand stations. Ours. */
const STATION_LIMIT = 10_000;
/** More open at once than a city's desk can follow. Ours. */
const OPEN_LIMIT = 2000;

async function loadLists(): Promise<Lists> {
  const [stations, firing, resolved, open, closed] = await Promise.all([
    callPages<StationView>("/stations", STATION_LIMIT),
    callPages<EpisodeView>("/episodes?status=firing&limit=500", OPEN_LIMIT),
    callPages<EpisodeView>(`/episodes?status=resolved&limit=${SETTLED_LIMIT}`, SETTLED_LIMIT),
    callPages<TicketView>("/tickets?status=open&limit=500", OPEN_LIMIT),
    callPages<TicketView>(`/tickets?status=closed&limit=${SETTLED_LIMIT}`, SETTLED_LIMIT),
  ]);
  // Lists come newest first; maps keep the oldest in front, which is dropped first.
  return { stations, episodes: [...firing, ...resolved].reverse(), tickets: [...open, ...closed].reverse() };
}

export interface LiveCity {
  readonly store: LiveStore;
  readonly connection: ConnectionState;
  /** Why the lists could not be loaded; null while they are on their way or here. */
  readonly error: unknown;
  readonly reload: () => void;
  /** Of every ticket. */
  readonly changes: TicketChanges;
}

const STREAMED = new Set(["reading-summary", "episode", "ticket", "station"]);

/** The city as it is, live from the moment of mounting. */
export function useLiveCity(onClock: (view: DemoClockView) => void): LiveCity {
  const [store] = useState(() => createLiveStore(atNextFrame));
  const [error, setError] = useState<unknown>(null);
  const [changes] = useState(createTicketChanges);
  const reload = useCallback(() => {
    setError(null);
    changes.gap();
    store.load(loadLists).catch(setError);
  }, [store, changes]);
  const onEvent = useCallback(
    ({ event, data }: ServerEvent) => {
      if (event === "clock") onClock(JSON.parse(data) as DemoClockView);
      if (!STREAMED.has(event)) return;
      const live = { event, data: JSON.parse(data) } as LiveEvent;
      store.push(live);
      if (live.event === "ticket") changes.publish(live.data);
    },
    [store, onClock, changes],
  );
  const connection = useEventStream(useMemo(() => ({ onEvent, onBegin: reload }), [onEvent, reload]));
  return useMemo(() => ({ store, connection, error, reload, changes }), [store, connection, error, reload, changes]);
}

export const LiveStoreContext = createContext<LiveStore | null>(null);

function useLiveStore(): LiveStore {
  const store = useContext(LiveStoreContext);
  if (store === null) throw new Error("useLiveStore outside the operator's page");
  return store;
}

/** A part of the city's state; the component renders again when that part is another. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, () => select(store.state()));
}
