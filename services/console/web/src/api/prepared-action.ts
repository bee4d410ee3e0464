import { ApiError } from "./api-error.ts";
import { call } from "./call.ts";

/** Pauses before the second, third and fourth attempt, ms. Ours: together shorter than a person's patience. */
const RETRY_PAUSES_MS = [800, 2000, 4000] as const;

/** One deed of a person: however often it is sent (here, or by the person pressing "try again"), it carries one
 *  Idempotency-Key, so that the server does it once. */
export interface PreparedAction<T> {
  readonly key: string;
  /** Sends it, again after a failure of the network. Rejects with ApiError. */
  run(): Promise<T>;
}

interface ActionDelivery {
  readonly send: typeof call;
  readonly pause: (ms: number) => Promise<void>;
}

const delivery: ActionDelivery = {
  send: call,
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export function prepareAction<T>(path: string, body: unknown, { send, pause } = delivery): PreparedAction<T> {
  const key = randomKey();
  const attempt = () => send<T>(path, { method: "POST", body, headers: { "idempotency-key": key } });
  return {
    key,
    async run() {
      for (const pauseMs of RETRY_PAUSES_MS) {
        try {
          return await attempt();
        } catch (error) {
          if (!(error instanceof ApiError) || !error.transient) throw error;
          await pause(pauseMs);
        }
      }
      return attempt();
    },
  };
}

/** 128 random bits. Not crypto.randomUUID: it is missing where the page is served over plain HTTP in a local network. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
