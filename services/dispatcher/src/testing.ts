import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, decodeJson, encodeJson, openSqliteBus } from "@hotgrid/bus";
import {
  type Account,
  type Assignment,
  divisionLevel,
  type Episode,
  type EpisodeEvent,
  episodeEventKey,
  episodeSubject,
  parentDivision,
  type RoutingTree,
  type TicketAction,
  type TicketCommand,
  TicketCommandReply,
  TicketEvent,
  ticketCommandSubject,
} from "@hotgrid/contracts";
import { createGrid, type Division, type Grid } from "@hotgrid/grid";
import { createLog, ManualClock } from "@hotgrid/runtime";
import { type Database, PeopleStore, TicketStore } from "@hotgrid/store";
import { openTestDatabase } from "@hotgrid/store/testing";
import { testEpisode, testPolicy, testRouting } from "@hotgrid/tickets/testing";
import type { Kysely } from "kysely";
import { type Dispatcher, startDispatcher } from "./start-dispatcher.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** 10:00 in the city. */
export const START = Date.parse("2026-11-22T10:00:00+08:00");

const CODES = {
  "330600": "绍兴市",
  "330602": "越城区",
  "330603": "柯桥区",
  "330602001": "塔山街道",
  "330603001": "华舍街道",
  "330602001001": "一村",
  "330602001002": "二村",
  "330603001001": "三村",
} as const;
type Code = keyof typeof CODES;

/** Villages side by side, a hundredth of a degree wide. */
function testGrid(): Grid {
  const divisions = Object.entries(CODES).map(
    ([code, name], index): Division => ({
      ...{ code, name, level: divisionLevel(code), parent: parentDivision(code) },
      ...{ lon: 120 + index / 100, lat: 30, approximate: true },
    }),
  );
  const areas = new Map(
    divisions.map(({ code, lon, lat }) => {
      const [w, e, s, n] = [lon - 0.005, lon + 0.005, lat - 0.005, lat + 0.005];
      return [
        code,
        {
          type: "Polygon" as const,
          coordinates: [
            [
              [w, s],
              [e, s],
              [e, n],
              [w, n],
              [w, s],
            ],
          ],
        },
      ];
    }),
  );
  return createGrid({ city: "330600", divisions, areas });
}

/** Officer `O-{division}` is the primary of each division. */
const ASSIGNMENTS: readonly Assignment[] = Object.keys(CODES).map((division) => ({
  ...{ officerId: `O-${division}`, division, role: "primary", from: 0, to: null },
}));

const ACCOUNTS: readonly Account[] = [
  ...Object.keys(CODES).map(
    (division): Account => ({
      ...{ id: `O-${division}`, name: `网格员${division}`, role: "officer", division, officerId: `O-${division}` },
    }),
  ),
  { id: "supervisor", name: "督办员", role: "supervisor", division: "330602", officerId: null },
  { id: "operator", name: "值班员", role: "operator", division: "330600", officerId: null },
  { id: "administrator", name: "管理员", role: "administrator", division: "330600", officerId: null },
  { id: "inspector", name: "核查员", role: "inspector", division: "330600", officerId: null },
  { id: "viewer", name: "访客", role: "viewer", division: "330600", officerId: null },
];

/** Longest time until a command is answered, ms; longer than a busy machine keeps a test waiting. */
const ANSWER_MS = 30_000;

export const VILLAGE: Code = "330602001001";
export const OFFICER = `O-${VILLAGE}`;

export interface WorldOptions {
  readonly policy?: unknown;
  readonly routing?: RoutingTree;
  /** Divisions without anybody in charge. */
  readonly vacant?: readonly Code[];
  /** A maintenance vendor for the whole city. */
  readonly vendor?: boolean;
}

/** A small city with the real dispatcher on a real log and a real database, in a temporary folder. */
export class World {
  readonly clock = new ManualClock(START);
  readonly grid = testGrid();
  readonly #folder: string;
  readonly #options: WorldOptions;
  readonly #log = createLog("dispatcher-test", "silent");
  #running: { bus: Bus; database: Kysely<Database>; dispatcher: Dispatcher } | undefined;
  #keys = 0;

  private constructor(folder: string, options: WorldOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), "hotgrid-dispatcher-")), options);
    await world.start();
    await world.#populate();
    return world;
  }

  /** Opens everything; `through` may put a fault between the dispatcher and the log, `before` one before its database. */
  async start(
    through: (bus: Bus) => Bus = (bus) => bus,
    before: (database: Kysely<Database>) => Kysely<Database> = (database) => database,
  ): Promise<void> {
    const { clock, grid } = this;
    const log = this.#log;
    const database = await openTestDatabase(join(this.#folder, "hotgrid.db"));
    const bus = await openSqliteBus({ file: join(this.#folder, "log.db"), clock, log });
    const policy = this.#options.policy ?? testPolicy();
    const { routing = testRouting } = this.#options;
    const deps = { bus: through(bus), city: "3306", database: before(database), grid, policy, routing, clock, log };
    const dispatcher = await startDispatcher(deps);
    this.#running = { bus, database, dispatcher };
  }

  async stop(): Promise<void> {
    await this.#parts.dispatcher.close();
    await this.#parts.bus.close();
    await this.#parts.database.destroy();
    this.#running = undefined;
  }

  async close(): Promise<void> {
    if (this.#running !== undefined) await this.stop();
    await rm(this.#folder, { recursive: true });
  }

  get #parts() {
    if (this.#running === undefined) throw new Error("the world is stopped");
    return this.#running;
  }
  get bus(): Bus {
    return this.#parts.bus;
  }
  get database(): Kysely<Database> {
    return this.#parts.database;
  }
  get tickets(): TicketStore {
    return new TicketStore(this.database);
  }

  async #populate(): Promise<void> {
    const { vacant = [], vendor = false } = this.#options;
    const extra = vendor ? ["vendor"] : [];
    const officers = [...Object.keys(CODES).map((code) => `O-${code}`), ...extra].map((id) => ({
      id,
      name: id,
      phone: "",
    }));
    const contract: Assignment = {
      ...{ officerId: "vendor", division: "330600", role: "maintenance" },
      from: 0,
      to: null,
    };
    const assignments = [
      ...ASSIGNMENTS.filter((a) => !vacant.some((code) => code === a.division)),
      ...(vendor ? [contract] : []),
    ];
    await new PeopleStore(this.database).upsert({ officers, assignments });
    const maintenance: Account = {
      id: "vendor",
      name: "运维",
      role: "maintenance",
      division: "330600",
      officerId: "vendor",
    };
    for (const account of [...ACCOUNTS, ...(vendor ? [maintenance] : [])]) {
      const { id, name, role, division, officerId } = account;
      const row = { id, name, role, division, officer_id: officerId, password_hash: "", created_at: 0 };
      await this.database
        .insertInto("accounts")
        .values({ ...row, disabled_at: null, locked_until: null })
        .execute();
    }
  }

  /** Appends an episode's revision to the log. */
  async episode(id: string, revision: number, changes: Partial<Episode> = {}): Promise<void> {
    const episode = testEpisode(id, START - 10 * MINUTE, { confirmedAt: START, ...changes });
    const type = episode.status === "resolved" ? "resolved" : revision === 1 ? "raised" : "updated";
    const event: EpisodeEvent = { type, revision, at: this.clock.now(), episode };
    await this.bus.append("episodes", [
      {
        subject: episodeSubject("3306"),
        data: encodeJson(event),
        messageId: `${episodeEventKey(event)}/${this.#keys++}`,
      },
    ]);
  }

  /** The first `count` messages of the TICKETS log. */
  async events(count: number): Promise<readonly TicketEvent[]> {
    const stop = new AbortController();
    const events: TicketEvent[] = [];
    for await (const batch of this.bus.read("tickets", { from: 1, batch: 500 }, stop.signal)) {
      events.push(...batch.map((message) => decodeJson(TicketEvent, message.data)));
      if (events.length >= count) break;
    }
    stop.abort();
    return events;
  }

  /** Every action so far, once there are `count`: "open→dispatched". */
  async story(count: number): Promise<readonly string[]> {
    return (await this.events(count)).map(({ entry }) => `${entry.action}→${entry.to}`);
  }

  async command(
    ticketId: string,
    accountId: string,
    action: TicketAction,
    body: Record<string, unknown> = {},
    more: Partial<TicketCommand> = {},
  ): Promise<TicketCommandReply> {
    const command = { ticketId, action, body, accountId, idempotencyKey: `key-${this.#keys++}`, ...more };
    return this.ask(encodeJson(command));
  }

  async ask(data: Uint8Array): Promise<TicketCommandReply> {
    return decodeJson(TicketCommandReply, await this.bus.request(ticketCommandSubject("3306"), data, ANSWER_MS));
  }

  /** Respond, handle and feedback by the officer. */
  async work(ticketId: string, accountId = OFFICER): Promise<void> {
    for (const action of ["respond", "handle"] as const) await this.command(ticketId, accountId, action);
    await this.command(ticketId, accountId, "feedback", { note: "秸秆焚烧，已扑灭", cause: "burning" });
  }

  /** Resolves once every episode in the log was dispatched. */
  async dispatched(): Promise<void> {
    while ((await this.bus.lag("episodes", "dispatcher")) > 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
