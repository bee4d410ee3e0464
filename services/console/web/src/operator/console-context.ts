import type { SessionView } from "@hotgrid/contracts";
import { createContext, useContext } from "react";
import type { TicketChanges } from "../tickets/ticket-changes.ts";
import type { CityTime } from "../time/city-time.ts";
import type { Place } from "./map/city-map.ts";
import type { Navigation } from "./use-route.ts";

export interface ConsoleValue {
  readonly session: SessionView;
  readonly time: CityTime;
  readonly navigation: Navigation;
  /** Shows a place on the map, on the overview. */
  readonly showPlace: (place: Place) => void;
  /** Of every ticket, for the drawer that shows one. */
  readonly changes: TicketChanges;
}

export const ConsoleContext = createContext<ConsoleValue | null>(null);

export function useConsole(): ConsoleValue {
  const value = useContext(ConsoleContext);
  if (value === null) throw new Error("useConsole outside the operator's page");
  return value;
}
