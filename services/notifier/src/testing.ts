import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Bus, encodeJson, openSqliteBus } from "@hotgrid/bus";
import {
  type DivisionCode,
  divisionLevel,
  type Episode,
  type EpisodeEvent,
  episodeEventKey,
  episodeSubject,
  parentDivision,
  type Ticket,
  type TicketEvent,
  type TicketHistoryEntry,
  ticketEventKey,
  ticketSubject,
} from "@hotgrid/contracts";
import { createGrid, type Grid } from "@hotgrid/grid";
import { createLog, ManualClock } from "@hotgrid/runtime";
import type { Database } from "@hotgrid/store";
import { openTestDatabase } from "@hotgrid/store/testing";
import { testEpisode, testTicket } from "@hotgrid/tickets/testing";
import type { Kysely } from "kysely";
import { openReceivers } from "./adapters/open-receivers.ts";
import { NotificationRules } from "./core/notification-rules.ts";
import type { Receiver } from "./ports.ts";
import { type Notifier, startNotifier } from "./start-notifier.ts";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** 10:00 in the city. */
export const START = Date.parse("2026-11-22T10:00:00+08:00");

const RULES_FILE = resolve(import.meta.dirname, "..", "..", "..", "seeds", "shaoxing", "notification.json");

/** The rules of Shaoxing, with changes. */
export async function testRules(changes: Partial<NotificationRules> = {}): Promise<NotificationRules> {
  return { ...NotificationRules.parse(JSON.parse(await readFile(RULES_FILE, "utf8"))), ...changes };
}

/** A step of a ticket in village 330602001001, held by officer A of that village. */
export function ticketStep(
  id: string,
  revision: number,
  step: { action?: TicketHistoryEntry["action"]; ticket?: Partial<Ticket>; entry?: Partial<TicketHistoryEntry> } = {},
  at = START,
): TicketEvent {
  const opened = testTicket(at);
  const title = { zh: "塔山街道一村 PM2.5 局地热点", en: "PM2.5 local hotspot at 塔山街道一村" };
  const ticket = { ...opened, id, episodeId: `E-${id}`, revision, title, updatedAt: at, ...step.ticket };
  const action = step.action ?? "open";
  const who = { by: "system", byName: "系统" };
  const change = { from: revision === 1 ? null : ("dispatched" as const), to: ticket.state };
  const entry = { revision, at, action, ...who, ...change, note: "", ...step.entry };
  return { ticket, entry };
}

const NAMES = { "330600": "绍兴市", "330602": "越城区", "330602001": "塔山街道", "330602001001": "一村" } as const;

function testGrid(): Grid {
  const ring: [number, number][] = [
    [120, 30],
    [121, 30],
    [121, 31],
    [120, 31],
    [120, 30],
  ];
  const area = { type: "Polygon" as const, coordinates: [ring] };
  const divisions = Object.entries(NAMES).map(([code, name]) => ({
    ...{ code, name, level: divisionLevel(code), parent: parentDivision(code) },
    ...{ lon: 120.5, lat: 30.5, approximate: true },
  }));
  return createGrid({ city: "330600", divisions, areas: new Map(divisions.map(({ code }) => [code, area])) });
}

export interface WorldOptions {
  readonly receivers: readonly Record<string, unknown>[];
  readonly rules?: Partial<NotificationRules>;
  readonly env?: NodeJS.ProcessEnv;
}

/** The real notifier on a real log and a real database, in a temporary folder. */
export class World {
  readonly clock = new ManualClock(START);
  readonly grid = testGrid();
  readonly folder: string;
  readonly #options: WorldOptions;
  #running: { bus: Bus; database: Kysely<Database>; notifier: Notifier } | undefined;

  private constructor(folder: string, options: WorldOptions) {
    this.folder = folder;
    this.#options = options;
  }

  static async open(options: WorldOptions): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), "hotgrid-notifier-")), options);
    await world.start();
    const officers = [
      { id: "A", name: "张三", phone: "13800000001" },
      { id: "T", name: "李四", phone: "13800000002" },
      { id: "N", name: "无机", phone: "" },
    ];
    const town = { officer_id: "T", division: "330602001", role: "primary", term_from: 0, term_to: null } as const;
    await world.database.insertInto("officers").values(officers).execute();
    await world.database.insertInto("assignments").values(town).execute();
    return world;
  }

  /** Opens everything; `through` may put a fault before the receivers. */
  async start(through: (receiver: Receiver) => Receiver = (receiver) => receiver): Promise<void> {
    const { clock, grid, folder } = this;
    const log = createLog("notifier-test", "silent");
    const file = join(folder, "receivers.json");
    await writeFile(file, JSON.stringify({ console: "https://hotgrid.test/", receivers: this.#options.receivers }));
    const env = this.#options.env ?? {};
    const { receivers, console } = await openReceivers({
      ...{ file, env, source: "/hotgrid/3306", wall: () => clock.now() },
      pushKeys: join(folder, "web-push-keys.json"),
    });
    const database = await openTestDatabase(join(folder, "hotgrid.db"));
    const bus = await openSqliteBus({ file: join(folder, "log.db"), clock, log });
    const rules = await testRules(this.#options.rules);
    const notifier = await startNotifier({
      ...{ bus, city: "3306", database, grid, rules, console, utcOffset: "+08:00", clock, log },
      receivers: receivers.map(through),
    });
    this.#running = { bus, database, notifier };
  }

  /** Starts anew with receivers that answer and are not heard: each message stays between its answer and our note of it.
   *  @returns lets go of them */
  async startUnheard(): Promise<() => void> {
    await this.stop();
    const heard = Promise.withResolvers<string>();
    await this.start((receiver) => ({
      ...receiver,
      send: async (message, database) => {
        await receiver.send(message, database);
        return heard.promise;
      },
    }));
    return () => heard.resolve("too late");
  }

  /** What a kill at this moment would leave, running again; the original goes on. */
  async asKilledNow(): Promise<World> {
    const copy = await mkdtemp(join(tmpdir(), "hotgrid-notifier-"));
    await cp(this.folder, copy, { recursive: true });
    const world = new World(copy, this.#options);
    await world.start();
    return world;
  }

  /** Resolves when nothing is due any more, neither to be bundled nor to be sent. */
  async settled(): Promise<void> {
    const now = this.clock.now();
    for (;;) {
      const items = this.database.selectFrom("notification_items").select("id").where("state", "=", "waiting");
      const messages = this.database.selectFrom("notification_messages").select("id").where("state", "=", "pending");
      const due = [
        ...(await items.where("ready_at", "<=", now).execute()),
        ...(await messages.where("next_at", "<=", now).execute()),
      ];
      if (due.length === 0) return;
      await new Promise((done) => setImmediate(done));
    }
  }

  async stop(): Promise<void> {
    await this.#parts.notifier.close();
    await this.#parts.bus.close();
    await this.#parts.database.destroy();
    this.#running = undefined;
  }
  async close(): Promise<void> {
    if (this.#running !== undefined) await this.stop();
    await rm(this.folder, { recursive: true });
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

  /** Appends steps of tickets to the log, and resolves when the notifier has taken them. `again` makes second copies
   *  that the log itself doesn't recognise. */
  async tell(events: readonly TicketEvent[], again = ""): Promise<void> {
    const subject = ticketSubject("3306");
    const entries = events.map((event) => ({
      subject,
      data: encodeJson(event),
      messageId: ticketEventKey(event) + again,
    }));
    await this.bus.append("tickets", entries);
    while ((await this.bus.lag("tickets", "notifier")) > 0) await new Promise((done) => setImmediate(done));
  }

  async episode(id: string, revision: number, changes: Partial<Episode> = {}): Promise<void> {
    const division: DivisionCode = "330602";
    const episode = testEpisode(id, START, { kind: "regional", division, ...changes });
    const event: EpisodeEvent = { type: "updated", revision, at: this.clock.now(), episode };
    const entry = { subject: episodeSubject("3306"), data: encodeJson(event), messageId: episodeEventKey(event) };
    await this.bus.append("episodes", [entry]);
    while ((await this.bus.lag("episodes", "notifier")) > 0) await new Promise((done) => setImmediate(done));
  }

  /** What became of every step: "step reason". */
  async items(): Promise<readonly string[]> {
    const rows = await this.database
      .selectFrom("notification_items")
      .select(["state", "reason", "document"])
      .orderBy("created_at")
      .orderBy("id")
      .execute();
    return rows.map((row) => `${JSON.parse(row.document).news.step} ${row.state} ${row.reason}`);
  }

  async deliveries(): Promise<readonly string[]> {
    const rows = await this.database
      .selectFrom("notification_deliveries")
      .selectAll()
      .orderBy("at")
      .orderBy("attempt")
      .execute();
    return rows.map((row) => `${row.attempt} ${row.outcome} ${row.detail}`);
  }
}
