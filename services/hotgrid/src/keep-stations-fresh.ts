import type { Station } from "@hotgrid/contracts";
import type { Log } from "@hotgrid/runtime";
import type { StationDirectory } from "@hotgrid/store";

/** Wall pause between two looks at the stations table, ms: how soon a station that the command line added may
 *  connect, and a rotated secret ends. Ours. */
const LOOK_EVERY_MS = 5_000;

/** Lets the running system see what the command line changed: new, moved and retired stations, rotated secrets. Returns
 *  the function that stops it. */
export function keepStationsFresh(
  directory: StationDirectory,
  onChange: (stations: readonly Station[]) => Promise<void>,
  log: Log,
): () => void {
  let known = JSON.stringify(directory.all());
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      await directory.refresh();
      const now = JSON.stringify(directory.all());
      if (now !== known) await onChange(directory.all());
      known = now;
    } catch (error) {
      log.warn({ err: error }, "the stations could not be read; trying again");
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
