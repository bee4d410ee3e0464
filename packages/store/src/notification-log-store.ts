import type { DivisionCode } from "@hotgrid/contracts";
import type { Kysely, Selectable } from "kysely";
import { z } from "zod";
import type { Database } from "./database.ts";
import { divisionRange } from "./division-range.ts";
import { decodeCursor, type KeysetPage, LARGEST_PAGE, pageSize, toPage } from "./keyset-page.ts";
import type { NotificationTables } from "./tables/notifications.ts";

type MessageRow = Selectable<NotificationTables["notification_messages"]>;
type ItemRow = Selectable<NotificationTables["notification_items"]>;

/** Times are epoch ms UTC. */
export interface DeliveryAttempt {
  readonly attempt: number;
  readonly at: number;
  readonly outcome: "sent" | "later" | "refused";
  readonly detail: string;
}

export interface LoggedMessage extends Pick<MessageRow, "id" | "receiver" | "address" | "state"> {
  readonly title: string;
  readonly createdAt: number;
  readonly settledAt: number | null;
  /** When it is tried again; null: it is settled. */
  readonly nextAt: number | null;
  /** An attempt may have arrived although nobody said so. */
  readonly unsure: boolean;
  readonly subjects: readonly {
    readonly id: string;
    readonly step: string;
    readonly division: DivisionCode;
  }[];
  readonly attempts: readonly DeliveryAttempt[];
}

/** One step of one subject that one receiver was to be told. */
export interface LoggedItem extends Pick<ItemRow, "id" | "receiver" | "address" | "state" | "reason"> {
  readonly at: number;
  readonly step: string;
  readonly message: LoggedMessage | null;
}

/** A step of a ticket that somebody is not told of for now. */
export interface MutedItem extends Pick<ItemRow, "id" | "receiver" | "address"> {
  readonly at: number;
  readonly step: string;
  readonly ticketId: string;
  readonly division: DivisionCode;
}

export interface MessageQuery {
  /** Messages that tell of at least one ticket or episode there or below. */
  readonly division: DivisionCode;
  readonly state?: MessageRow["state"];
  readonly cursor?: string;
  /** At most 500. */
  readonly limit: number;
}

/** As much of the notifier's documents as people ask for. */
const News = z.object({ step: z.string(), subject: z.object({ id: z.string(), division: z.string() }) });
const ItemDocument = z.object({ news: News });
const MessageDocument = z.object({ title: z.string(), news: z.array(News) });

/** Reads what the notifier writes: who was to be told what, and how every attempt to deliver it went. */
export class NotificationLogStore {
  readonly #db: Kysely<Database>;
  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Newest first. Throws Rejected("bad-cursor"). */
  async messages({ division, state, cursor, limit }: MessageQuery): Promise<KeysetPage<LoggedMessage>> {
    const size = pageSize(limit);
    let rows = this.#db
      .selectFrom("notification_messages")
      .selectAll()
      .where("id", "in", this.#about(division))
      .orderBy("created_at", "desc")
      .orderBy("id", "desc");
    if (state !== undefined) rows = rows.where("state", "=", state);
    if (cursor !== undefined) {
      const [at, id] = decodeCursor(cursor);
      rows = rows.where((e) => e.or([e("created_at", "<", at), e.and([e("created_at", "=", at), e("id", "<", id)])]));
    }
    const page = toPage(
      await rows.limit(size + 1).execute(),
      size,
      (row) => [row.created_at, row.id],
      (row) => row,
    );
    const attempts = await this.#attempts(page.items.map(({ id }) => id));
    return { ...page, items: page.items.map((row) => messageOf(row, attempts)) };
  }

  /** What was to be told of one ticket or episode, the newest 500. */
  async ofSubject(subjectId: string): Promise<readonly LoggedItem[]> {
    const items = await this.#db
      .selectFrom("notification_items")
      .selectAll()
      .where("subject_id", "=", subjectId)
      .orderBy("created_at", "desc")
      .orderBy("id")
      .limit(LARGEST_PAGE)
      .execute();
    const ids = [...new Set(items.flatMap(({ message_id }) => message_id ?? []))];
    const rows =
      ids.length === 0
        ? []
        : await this.#db.selectFrom("notification_messages").selectAll().where("id", "in", ids).execute();
    const attempts = await this.#attempts(ids);
    const messages = new Map(rows.map((row) => [row.id, messageOf(row, attempts)]));
    return items.map(({ id, receiver, address, state, reason, created_at: at, message_id, document }) => ({
      ...{ id, receiver, address, state, reason, at },
      step: ItemDocument.parse(JSON.parse(document)).news.step,
      // Settled messages are removed before the steps that they told.
      message: message_id === null ? null : (messages.get(message_id) ?? null),
    }));
  }

  /** What waits because a notice (an episode) or an offline station's ticket mutes it, the oldest first, at most 500. */
  async mutedBy(subjectId: string): Promise<readonly MutedItem[]> {
    const rows = await this.#db
      .selectFrom("notification_items")
      .select(["id", "receiver", "address", "created_at", "document"])
      .where("state", "=", "waiting")
      .where("reason", "=", `inhibited ${subjectId}`)
      .orderBy("created_at")
      .orderBy("id")
      .limit(LARGEST_PAGE)
      .execute();
    return rows.map(({ id, receiver, address, created_at: at, document }) => {
      const { step, subject } = ItemDocument.parse(JSON.parse(document)).news;
      return { id, receiver, address, at, step, ticketId: subject.id, division: subject.division };
    });
  }

  #about(division: DivisionCode) {
    const [low, high] = divisionRange(division);
    return this.#db
      .selectFrom("notification_items as i")
      .leftJoin("tickets as t", "t.id", "i.subject_id")
      .leftJoin("episodes as e", "e.id", "i.subject_id")
      .where((w) =>
        w.or([
          w.and([w("t.division", ">=", low), w("t.division", "<", high)]),
          w.and([w("e.division", ">=", low), w("e.division", "<", high)]),
        ]),
      )
      .where("i.message_id", "is not", null)
      .select("i.message_id");
  }

  async #attempts(messageIds: readonly string[]): Promise<ReadonlyMap<string, DeliveryAttempt[]>> {
    if (messageIds.length === 0) return new Map();
    const rows = await this.#db
      .selectFrom("notification_deliveries")
      .selectAll()
      .where("message_id", "in", messageIds)
      .orderBy("attempt")
      .execute();
    const grouped = Map.groupBy(rows, ({ message_id }) => message_id);
    return new Map([...grouped].map(([id, found]) => [id, found.map(({ message_id: _, ...attempt }) => attempt)]));
  }
}

function messageOf(row: MessageRow, attempts: ReadonlyMap<string, DeliveryAttempt[]>): LoggedMessage {
  const { id, receiver, address, state } = row;
  const { title, news } = MessageDocument.parse(JSON.parse(row.document));
  return {
    ...{ id, receiver, address, state, title, createdAt: row.created_at, settledAt: row.settled_at },
    nextAt: state === "pending" ? row.next_at : null,
    // While it is pending, the attempt may just be under way.
    unsure: row.unsure === 1 && state !== "pending",
    subjects: news.map(({ step, subject }) => ({ ...subject, step })),
    attempts: attempts.get(id) ?? [],
  };
}
