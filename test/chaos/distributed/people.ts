import { setTimeout as pause } from "node:timers/promises";
import { random } from "@hotgrid/detection/testing";
import { z } from "zod";
import { ApiClient } from "../../harness/api-client.ts";
import type { Commanded } from "./check-history.ts";

/** The account that acts: it may do what the holder of any ticket may. */
const ACCOUNT = { id: "chaos", password: "a long enough password" };
export const ACCOUNT_WORDS = ["--id", ACCOUNT.id, "--name", "主任", "--role", "administrator", "--division", "330600"];
export const ACCOUNT_PASSWORD = ACCOUNT.password;

/** Pause between two commands, and before the same one is sent again, ms. Ours. */
const [NEXT_MS, AGAIN_MS] = [300, 300];
/** Longest wait for an answer, ms: above the console's own for the dispatcher. */
const ANSWER_MS = 10_000;

/** Answers that say for certain that nothing was done: forbidden, unknown, not in this state, not so. */
const REFUSED: ReadonlySet<number> = new Set([403, 404, 409, 422]);
/** When nobody has answered for so long, something stands still, ms: as long as a run may take to come to rest. */
const GIVE_UP_MS = 180_000;

const Tickets = z.object({ items: z.array(z.object({ id: z.string(), state: z.string() })) });
type Ticket = z.infer<typeof Tickets>["items"][number];
const COMMENT = "comment";
/** What is done next with a ticket, besides comments. */
const NEXT: Readonly<Record<string, string>> = { dispatched: "respond", responded: "handle" };

/** People at the console: they act on the open tickets, and write down what they were told. As a browser does, they send
 *  a command again under its key until somebody answers. */
export class People {
  readonly #api: ApiClient;
  #over = new AbortController();
  #working: Promise<void> = Promise.resolve();
  #commanded: Commanded[] = [];
  #unanswered: string[] = [];

  private constructor(api: ApiClient) {
    this.#api = api;
  }

  static async logIn(port: number): Promise<People> {
    const api = new ApiClient(port);
    await api.login(ACCOUNT.id, ACCOUNT.password);
    return new People(api);
  }

  /** Acts until `stop`. */
  start(seed: number): void {
    this.#over = new AbortController();
    this.#working = this.#work(seed, this.#over.signal);
  }

  /** Waits for the last command's answer. Returns those that nobody answered. */
  async stop(): Promise<readonly string[]> {
    this.#over.abort();
    await this.#working;
    return this.#unanswered.splice(0);
  }

  /** What was answered since the last call. */
  takeCommanded(): readonly Commanded[] {
    const taken = this.#commanded;
    this.#commanded = [];
    return taken;
  }

  async #work(seed: number, over: AbortSignal): Promise<void> {
    const next = random(seed);
    for (let n = 1; !over.aborted; n++) {
      const open = await this.#open();
      const ticket = open[Math.floor(next() * open.length)];
      const action = next() < 0.5 ? COMMENT : (NEXT[ticket?.state ?? ""] ?? COMMENT);
      if (ticket) await this.#command(ticket, action, `chaos ${seed}/${n}`);
      await pause(NEXT_MS);
    }
  }

  /** None where the console does not answer. */
  async #open(): Promise<readonly Ticket[]> {
    try {
      return Tickets.parse(await this.#api.get("/tickets?status=open&limit=20")).items;
    } catch {
      return [];
    }
  }

  async #command({ id }: Ticket, action: string, note: string): Promise<void> {
    const until = performance.now() + GIVE_UP_MS;
    while (performance.now() < until) {
      const status = await this.#send(`/tickets/${id}/${action}`, note);
      if (status === 200 || REFUSED.has(status)) {
        this.#commanded.push({ ticketId: id, note, accepted: status === 200 });
        return;
      }
      await pause(AGAIN_MS);
    }
    this.#unanswered.push(`answer to ${action} of ${id}`);
  }

  /** 0 where nobody answers. */
  async #send(path: string, note: string): Promise<number> {
    const headers = { "idempotency-key": note.replaceAll(" ", "-") };
    try {
      return await this.#api.post(path, { note }, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
    } catch {
      return 0;
    }
  }
}
