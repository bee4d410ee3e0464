import { join } from "node:path";
import { type Bus, decodeJson, encodeJson, openSqliteBus } from "@hotgrid/bus";
import {
  type EpisodeEvent,
  episodeEventKey,
  episodeSubject,
  TicketCommandReply,
  ticketCommandSubject,
} from "@hotgrid/contracts";
import { startDispatcher } from "@hotgrid/dispatcher-service";
import { startNotifier } from "@hotgrid/notifier-service";
import { createLog, ManualClock } from "@hotgrid/runtime";
import { type Database, openDatabase, SilenceStore } from "@hotgrid/store";
import { testEpisode, testPolicy, testRouting } from "@hotgrid/tickets/testing";
import type { Kysely } from "kysely";
import { isIdle } from "../../harness/is-idle.ts";
import { cityGrid, foundCity, PLACES, START, VILLAGE } from "../../harness/ticket-city.ts";
import { nextDue } from "./next-due.ts";
import { clockText, type Input, type Scenario, timeOf } from "./scenario.ts";

/** Who is who, in the tables. */
const NAMES: Readonly<Record<string, string>> = {
  "": "chat",
  "O-330600": "city",
  "O-330602": "county",
  "O-330602001": "town",
  "O-330602001001": "village",
  "O-330602001002": "neighbour",
};
const idOf = (name: string): string => Object.keys(NAMES).find((id) => NAMES[id] === name) ?? name;

/** Plays a scenario with the real dispatcher and notifier on a real log and database, from one moment at which something
 *  happens or is due to the next. Answers what was told outside, a message a line. */
export async function play(scenario: Scenario, folder: string, notification: object): Promise<readonly string[]> {
  await foundCity(join(folder, "hotgrid.db"));
  const stage = await Stage.open(scenario, folder, notification);
  const script = scenario.script.map(([time, input]) => ({ at: timeOf(time), input }));
  const end = timeOf(scenario.until);
  try {
    for (;;) {
      await stage.settled();
      const due = await nextDue(stage.database, stage.clock.now());
      const at = Math.min(script[0]?.at ?? Number.POSITIVE_INFINITY, due ?? Number.POSITIVE_INFINITY);
      if (at > end) return stage.told;
      stage.clock.advanceTo(at);
      await stage.settled();
      while (script[0] !== undefined && script[0].at <= at) await stage.take(script.shift()?.input);
    }
  } finally {
    await stage.close();
  }
}

interface Running {
  readonly bus: Bus;
  readonly database: Kysely<Database>;
  close(): Promise<void>;
}

class Stage {
  readonly clock = new ManualClock(START);
  readonly told: string[] = [];
  readonly #tickets: string[] = [];
  readonly #revisions = new Map<string, number>();
  #keys = 0;
  #parts: Running | undefined;
  readonly #open: () => Promise<Running>;

  private constructor(scenario: Scenario, folder: string, notification: object) {
    this.#open = () => this.#start(scenario, folder, notification);
  }

  static async open(scenario: Scenario, folder: string, notification: object): Promise<Stage> {
    const stage = new Stage(scenario, folder, notification);
    stage.#parts = await stage.#open();
    return stage;
  }

  async #start(
    { policy, routing = testRouting, notification: own, limit }: Scenario,
    folder: string,
    notification: object,
  ) {
    const log = createLog("scenario", "silent");
    const { clock } = this;
    const database = await openDatabase(join(folder, "hotgrid.db"));
    const bus = await openSqliteBus({ file: join(folder, "log.db"), clock, log });
    const common = { bus, city: "3306", database, grid: cityGrid(), clock, log, utcOffset: "+08:00" };
    const dispatcher = await startDispatcher({ ...common, policy: { ...testPolicy(), ...policy }, routing });
    const facts = {
      division: "330600",
      limit: limit === undefined ? null : { messages: limit, perMinutes: 1 },
      knowsTwins: true,
    };
    const send = async (message: { address: string; news: readonly { step: string; subject: { id: string } }[] }) => {
      const news = message.news.map(({ step, subject }) => `${step} ${this.#label(subject.id)}`).toSorted();
      this.told.push(`${clockText(clock.now())} ${NAMES[message.address]}: ${news.join(" + ")}`);
      return "taken";
    };
    const close = () => undefined;
    const receivers = [
      { ...facts, id: "sms", audiences: ["officers", "supervisors"], reaches: "phone" as const, send, close },
      { ...facts, id: "chat", audiences: ["notices"], reaches: "place" as const, send, close },
    ];
    const rules = { ...notification, ...own };
    const notifier = await startNotifier({ ...common, rules, receivers, console: null });
    return {
      bus,
      database,
      close: async () => {
        await notifier.close();
        await dispatcher.close();
        await bus.close();
        await database.destroy();
      },
    };
  }

  get #running() {
    if (this.#parts === undefined) throw new Error("down");
    return this.#parts;
  }
  get database(): Kysely<Database> {
    return this.#running.database;
  }

  /** Tickets are T1, T2, … in the order in which they are told of; episodes have their own ids. */
  #label(id: string): string {
    if (this.#revisions.has(id)) return id;
    if (!this.#tickets.includes(id)) this.#tickets.push(id);
    return `T${this.#tickets.indexOf(id) + 1}`;
  }

  async settled(): Promise<void> {
    const { bus, database } = this.#running;
    while (!(await isIdle(database, bus, this.clock.now()))) await new Promise((resolve) => setImmediate(resolve));
  }

  async take(input: Input | undefined): Promise<void> {
    if (input?.kind === "episode") await this.#raise(input);
    if (input?.kind === "command") await this.#command(input);
    if (input?.kind === "silence") await this.#silence(input.until);
    if (input?.kind === "rows") await this.#rows(input);
    if (input?.kind === "down") {
      await this.#running.close();
      this.clock.advanceTo(timeOf(input.until));
      this.#parts = await this.#open();
    }
    await this.settled();
  }

  async #raise({ id, changes }: Extract<Input, { kind: "episode" }>): Promise<void> {
    const revision = (this.#revisions.get(id) ?? 0) + 1;
    this.#revisions.set(id, revision);
    const now = this.clock.now();
    const place = { division: VILLAGE, stationIds: ["S1"], ...PLACES.S1 };
    const episode = testEpisode(id, now - 600_000, { confirmedAt: now, ...place, ...changes });
    const type = episode.status === "resolved" ? "resolved" : revision === 1 ? "raised" : "updated";
    const event: EpisodeEvent = { type, revision, at: now, episode };
    const entry = { subject: episodeSubject("3306"), data: encodeJson(event), messageId: episodeEventKey(event) };
    await this.#running.bus.append("episodes", [entry]);
  }

  async #command({ who, action, ticket, body }: Extract<Input, { kind: "command" }>): Promise<void> {
    const { bus, database } = this.#running;
    const opened = await database.selectFrom("tickets").select("id").orderBy("opened_at").orderBy("id").execute();
    const ticketId = opened[Number(ticket.slice(1)) - 1]?.id ?? "";
    const command = { ticketId, action, body, accountId: idOf(who), idempotencyKey: `key-${this.#keys++}` };
    const answer = await bus.request(ticketCommandSubject("3306"), encodeJson(command), 20_000);
    const reply = decodeJson(TicketCommandReply, answer);
    if (reply.outcome !== "done") throw new Error(`${who} ${action}: ${reply.reason}`);
  }

  async #silence(until: string): Promise<void> {
    const now = this.clock.now();
    const what = { id: "silence", division: "330602", kind: null, stationId: null, author: "值班员", reason: "演练" };
    const times = { startsAt: now, endsAt: timeOf(until) };
    await new SilenceStore(this.database).add({ ...what, ...times }, now, { account: "operator", address: null });
  }

  async #rows({ shift, leave }: Extract<Input, { kind: "rows" }>): Promise<void> {
    if (shift) {
      const days = { days: "workday restday", covers: "own" as const, term_from: 0, term_to: null };
      const { officer, ...hours } = shift;
      await this.database
        .insertInto("duty_shifts")
        .values({ ...hours, ...days, officer_id: idOf(officer) })
        .execute();
    }
    if (leave) {
      const term = { leave_from: 0, leave_to: START + 86_400_000 };
      const substitute_id = leave.substitute === null ? null : idOf(leave.substitute);
      await this.database
        .insertInto("leaves")
        .values({ officer_id: idOf(leave.officer), substitute_id, ...term })
        .execute();
    }
  }

  async close(): Promise<void> {
    await this.#parts?.close();
  }
}
