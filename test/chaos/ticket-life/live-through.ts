import { type ChildProcess, fork } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TicketCommandReply } from "@hotgrid/contracts";
import { foundCity, START } from "../../harness/ticket-city.ts";
import type { KillPlan } from "./kill-at.ts";
import { type Stage, ticketLife } from "./life.ts";
import type { FromChild, ToChild } from "./messages.ts";

const CHILD = join(import.meta.dirname, "life-child.ts");
const MINUTE = 60_000;
/** What one process has compiled the next ones need not. */
const NODE_COMPILE_CACHE = join(tmpdir(), "hotgrid-compile-cache");

export interface Lived {
  readonly folder: string;
  readonly kills: number;
  /** Commits of all its processes that reached the disk, as far as they lived to tell. */
  readonly commits: number;
}

/** A ticket's whole life, in as many processes as are killed by the plans: `next` says where each is killed, in order;
 *  null: it lives. What was under way is asked for again of the next one, as the log and the page would. */
export async function liveThrough(folder: string, rules: unknown, next: () => KillPlan | null): Promise<Lived> {
  await mkdir(folder, { recursive: true });
  await foundCity(join(folder, "hotgrid.db"));
  const nursery = new Nursery();
  const tickets: string[] = [];
  let [kills, commits, now] = [0, 0, START];
  const start = async () => {
    const child = await nursery.take();
    child.send({ kind: "start", folder, plan: next(), now, rules } satisfies ToChild);
    return child;
  };
  let child = await start();
  let done = await answer(child);
  const ask = async (message: ToChild): Promise<TicketCommandReply | null> => {
    for (;;) {
      if (done !== null && message.kind !== "start") {
        child.send(message);
        done = await answer(child);
      }
      if (done !== null) {
        commits = done.commits;
        return done.reply;
      }
      kills++;
      child = await start();
      done = await answer(child);
    }
  };
  try {
    for (const [index, stage] of ticketLife(START).entries()) {
      now = START + stage.at * MINUTE;
      await ask({ kind: "clock", now });
      const message = inputOf(stage, index, tickets);
      const reply = message && (await ask(message));
      if (reply && reply.outcome !== "done") throw new Error(`stage ${index}: ${reply.reason}`);
      if (stage.episode || stage.command?.action === "split") await learnTickets(folder, tickets);
    }
    return { folder, kills, commits };
  } finally {
    child.kill("SIGKILL");
    nursery.close();
  }
}

function inputOf({ episode, command }: Stage, index: number, tickets: readonly string[]): ToChild | null {
  if (episode) return { kind: "episode", episode };
  if (!command) return null;
  const { account: accountId, action, body = {} } = command;
  const into = typeof body["into"] === "number" ? { into: tickets[body["into"]] } : {};
  const ticketId = tickets[command.ticket] ?? "";
  return {
    kind: "command",
    command: { ticketId, accountId, action, body: { ...body, ...into }, idempotencyKey: `k${index}` },
  };
}

/** Ids by the order of opening, read from outside. */
async function learnTickets(folder: string, known: string[]): Promise<void> {
  const { DatabaseSync } = await import("node:sqlite");
  const db = new DatabaseSync(join(folder, "hotgrid.db"), { readOnly: true });
  const rows = db.prepare("select id from tickets order by opened_at, id").all();
  db.close();
  for (const { id } of rows) if (!known.includes(String(id))) known.push(String(id));
}

/** What it says when it is done; null: it was killed. Throws where it ended otherwise: that is no kill of ours. */
function answer(child: ChildProcess): Promise<Extract<FromChild, { kind: "idle" }> | null> {
  return new Promise((resolve, reject) => {
    const clear = () => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message: unknown) => {
      clear();
      resolve(message as Extract<FromChild, { kind: "idle" }>);
    };
    const onExit = (code: number | null, signal: string | null) => {
      clear();
      if (signal === "SIGKILL") resolve(null);
      else reject(new Error(`the process ended by itself: ${code ?? signal}`));
    };
    child.once("message", onMessage);
    child.once("exit", onExit);
  });
}

/** Processes that have loaded everything before they are needed: loading takes longer than living. */
class Nursery {
  #next = this.#raise();

  take(): Promise<ChildProcess> {
    const child = this.#next;
    this.#next = this.#raise();
    return child;
  }

  close(): void {
    void this.#next.then((child) => child.kill("SIGKILL"));
  }

  #raise(): Promise<ChildProcess> {
    const child = fork(CHILD, {
      execArgv: [],
      env: { ...process.env, NODE_COMPILE_CACHE },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    return new Promise((resolve, reject) => {
      child.once("message", () => resolve(child));
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the process ended before it began: ${code}`)));
    });
  }
}
