import type {
  Account,
  DivisionCode,
  EpisodeKind,
  FalseAlarmReason,
  InspectionState,
  Obligation,
  Ticket,
  TicketHistoryEntry,
  TicketState,
} from "@hotgrid/contracts";
import { DEVICE_KINDS } from "@hotgrid/tickets";
import type { Kysely, SelectQueryBuilder } from "kysely";
import type { Database } from "./database.ts";
import { divisionRange } from "./division-range.ts";
import { decodeCursor, type KeysetPage, LARGEST_PAGE, pageSize, toPage } from "./keyset-page.ts";
import type { TicketsTable } from "./tables/tickets.ts";

export interface TicketQuery {
  /** open: every state but closed. */
  readonly status?: "open" | "closed";
  readonly state?: TicketState;
  /** Where the ticket is, with all below it. */
  readonly division?: DivisionCode;
  /** Who holds it now. */
  readonly officerId?: string;
  readonly overdue?: boolean;
  readonly inspection?: InspectionState;
  /** Only what this account may see; the same rule as canSee() of @hotgrid/tickets. */
  readonly visibleTo?: Account;
  readonly cursor?: string;
  /** At most 500. */
  readonly limit: number;
}

interface FalseAlarmCount {
  readonly ruleVersion: string;
  readonly kind: EpisodeKind;
  readonly reason: FalseAlarmReason;
  readonly count: number;
}

interface ClosedCount {
  readonly kind: EpisodeKind;
  readonly closed: number;
  readonly falseAlarms: number;
}
interface Statistics {
  readonly division: DivisionCode;
  /** Epoch ms. */
  readonly since: number;
}

/** Times in epoch ms. */
interface ClockRow extends Omit<Obligation, "reminders"> {
  readonly remindAt: number | null;
}

/** Reads what the dispatcher writes. */
export class TicketStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Opened last first. Throws Rejected("bad-cursor"). */
  async listTickets(query: TicketQuery): Promise<KeysetPage<Ticket>> {
    const size = pageSize(query.limit);
    let rows = filtered(this.#db.selectFrom("tickets").selectAll(), query);
    if (query.visibleTo !== undefined) rows = visible(rows, query.visibleTo);
    if (query.cursor !== undefined) {
      const [at, id] = decodeCursor(query.cursor);
      rows = rows.where((e) => e.or([e("opened_at", "<", at), e.and([e("opened_at", "=", at), e("id", "<", id)])]));
    }
    const found = await rows
      .orderBy("opened_at", "desc")
      .orderBy("id", "desc")
      .limit(size + 1)
      .execute();
    return toPage(found, size, (row) => [row.opened_at, row.id], toTicket);
  }

  /** Whether an account may see it is for the caller to ask: canSee() of @hotgrid/tickets. */
  async getTicket(id: string): Promise<Ticket | undefined> {
    const row = await this.#db.selectFrom("tickets").selectAll().where("id", "=", id).executeTakeFirst();
    return row && toTicket(row);
  }

  /** Oldest first, whole. */
  async historyOf(ticketId: string): Promise<readonly TicketHistoryEntry[]> {
    const rows = await this.#db
      .selectFrom("ticket_history")
      .select("document")
      .where("ticket_id", "=", ticketId)
      .orderBy("revision")
      .execute();
    return rows.map((row) => JSON.parse(row.document));
  }

  /** The rows by which the dispatcher's sweep keeps a ticket's clocks, by position. */
  async clocksOf(ticketId: string): Promise<readonly ClockRow[]> {
    const rows = await this.#db
      .selectFrom("obligations")
      .selectAll()
      .where("ticket_id", "=", ticketId)
      .orderBy("position")
      .execute();
    return rows.map(({ kind, due_at, state, settled_at, remind_at }) => ({
      ...{ kind, dueAt: due_at, state, settledAt: settled_at, remindAt: remind_at },
    }));
  }

  /** How many tickets that this account may see were opened at or after a time, epoch ms. */
  async countOpened(account: Account, since: number): Promise<number> {
    const rows = visible(this.#db.selectFrom("tickets").selectAll().where("opened_at", ">=", since), account);
    const { count } = await rows
      .clearSelect()
      .select((e) => e.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    return count;
  }

  /** How many episodes of each rule version were declared false alarms, and why; most first. Of all, or of the tickets
   *  within a division since a time, epoch ms. */
  async countFalseAlarms(within?: Statistics): Promise<readonly FalseAlarmCount[]> {
    let all = this.#db.selectFrom("false_alarms");
    if (within !== undefined) {
      const [from, to] = divisionRange(within.division);
      const theirs = this.#db
        .selectFrom("tickets")
        .select("id")
        .where("division", ">=", from)
        .where("division", "<", to);
      all = all.where("at", ">=", within.since).where("ticket_id", "in", theirs);
    }
    const rows = await all
      .select((e) => ["rule_version", "kind", "reason", e.fn.countAll<number>().as("count")])
      .groupBy(["rule_version", "kind", "reason"])
      .orderBy("count", "desc")
      .orderBy("rule_version")
      .execute();
    return rows.map(({ rule_version, ...row }) => ({ ...row, ruleVersion: rule_version }));
  }

  /** How many tickets of each kind were closed within a division since a time, and how many of these as false alarms. */
  async countClosed({ division, since }: Statistics): Promise<readonly ClosedCount[]> {
    const [from, to] = divisionRange(division);
    return this.#db
      .selectFrom("tickets")
      .select((e) => ["kind", e.fn.countAll<number>().as("closed")])
      .select(({ selectFrom, fn, exists }) =>
        fn
          .countAll<number>()
          .filterWhere(exists(selectFrom("false_alarms").select("episode_id").whereRef("ticket_id", "=", "tickets.id")))
          .as("falseAlarms"),
      )
      .where("division", ">=", from)
      .where("division", "<", to)
      .where("closed_at", ">=", since)
      .groupBy("kind")
      .orderBy("kind")
      .execute();
  }

  /** Tickets that deal with these episodes; an episode without one is not in the map. At most 500 episodes. */
  async ticketIdsOf(episodeIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    if (episodeIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom("ticket_episodes")
      .selectAll()
      .where("episode_id", "in", episodeIds.slice(0, LARGEST_PAGE))
      .orderBy("ticket_id")
      .execute();
    const tickets = Map.groupBy(rows, ({ episode_id }) => episode_id);
    return new Map([...tickets].map(([id, its]) => [id, its.map(({ ticket_id }) => ticket_id)]));
  }
}

type Rows = SelectQueryBuilder<Database, "tickets", TicketsTable>;

function filtered(all: Rows, query: TicketQuery): Rows {
  let rows = all;
  if (query.status !== undefined) rows = rows.where("state", query.status === "closed" ? "=" : "!=", "closed");
  if (query.state !== undefined) rows = rows.where("state", "=", query.state);
  if (query.division !== undefined) {
    const [from, to] = divisionRange(query.division);
    rows = rows.where("division", ">=", from).where("division", "<", to);
  }
  if (query.officerId !== undefined) rows = rows.where("officer_id", "=", query.officerId);
  if (query.overdue !== undefined) rows = rows.where("overdue", "=", query.overdue ? 1 : 0);
  if (query.inspection !== undefined) rows = rows.where("inspection", "=", query.inspection);
  return rows;
}

function visible(rows: Rows, account: Account): Rows {
  const [from, to] = divisionRange(account.division);
  const ofKind = account.role === "maintenance" ? rows.where("kind", "in", DEVICE_KINDS) : rows;
  const chosen = account.role === "inspector" ? ofKind.where("inspection", "is not", null) : ofKind;
  return chosen.where((e) => {
    const within = e.and([e("division", ">=", from), e("division", "<", to)]);
    return account.officerId === null || account.role === "inspector"
      ? within
      : e.or([within, e("officer_id", "=", account.officerId)]);
  });
}

/** Written by the dispatcher out of checked values: not checked again. */
const toTicket = (row: TicketsTable): Ticket => JSON.parse(row.document);
