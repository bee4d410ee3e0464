import { EpisodeStreamEvent, ReadingSummary } from "@hotgrid/contracts";
import { ApiClient } from "../../harness/api-client.ts";
import { runHotgrid } from "../../harness/run-command.ts";
import type { ListenedSystem } from "./bench-system.ts";
import { wallNow } from "./message-endpoint.ts";

const MINUTE_MS = 60_000;
const ACCOUNT = { id: "bench", password: "a long enough password" };

export interface Heard {
  /** ms from each reading's publish to its event. */
  readonly readings: readonly number[];
  /** When each episode was first told as confirmed, epoch ms. */
  readonly confirmed: ReadonlyMap<string, number>;
}

/** Logs in as an operator of the whole city. */
export async function logIn({ dataDir, seedsDir, env, http }: ListenedSystem): Promise<ApiClient> {
  const words = ["users", "add", "--id", ACCOUNT.id, "--name", "值班", "--role", "operator", "--division", "330600"];
  const added = await runHotgrid([...words, "--data", dataDir, "--seeds", seedsDir], `${ACCOUNT.password}\n`, env);
  if (added.code !== 0) throw new Error(`users add: ${added.stderr}`);
  const browser = new ApiClient(http);
  await browser.login(ACCOUNT.id, ACCOUNT.password);
  return browser;
}

/** Listens to the console's events until `signal` aborts.
 *  @param times when which reading was sent, by minute and station, epoch ms; may fill meanwhile */
export async function listen(
  browser: ApiClient,
  { stations }: ListenedSystem,
  times: ReadonlyMap<number, Float64Array>,
  signal: AbortSignal,
): Promise<Heard> {
  const index = new Map(stations.map(({ id }, i) => [id, i]));
  const readings: number[] = [];
  const confirmed = new Map<string, number>();
  try {
    for await (const { event, data } of browser.stream(signal)) {
      const now = wallNow();
      if (event === "reading-summary") {
        for (const [stationId, time] of ReadingSummary.parse(JSON.parse(data)).stations) {
          const at = times.get(Math.floor(time / MINUTE_MS))?.[index.get(stationId) ?? -1];
          if (at !== undefined) readings.push(now - at);
        }
      } else if (event === "episode") {
        const { episode } = EpisodeStreamEvent.parse(JSON.parse(data));
        if (episode.confirmedAt !== null && !confirmed.has(episode.id)) confirmed.set(episode.id, now);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { readings, confirmed };
}
