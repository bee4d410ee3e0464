import type { SessionView } from "@hotgrid/contracts";
import { createContext, useContext } from "react";
import type { CityTime } from "../time/city-time.ts";

export interface OfficerValue {
  readonly session: SessionView;
  readonly officerId: string;
  readonly time: CityTime;
  readonly expire: () => void;
  readonly logout: () => Promise<void>;
}

export const OfficerContext = createContext<OfficerValue | null>(null);

export function useOfficer(): OfficerValue {
  const value = useContext(OfficerContext);
  if (value === null) throw new Error("useOfficer outside the officer's page");
  return value;
}
