import type { Cursor } from "./sqlite-cursors.ts";

interface Unsettled {
  attempts: number;
  /** When it is delivered again unless settled, ms of the caller's time. */
  dueAt: number;
}

/** Which messages of a stream a durable consumer still owes: what was delivered and not settled, and where the new
 *  begins. Pure: time comes in as a parameter. */
export class DeliveryLedger {
  readonly subject: string | undefined;
  #nextSeq: number;
  /** In order of seq: new deliveries rise, and a redelivery keeps its place in the map. */
  readonly #unsettled = new Map<number, Unsettled>();

  /** What an earlier process had in hand is due at once: that process is gone. */
  constructor(cursor: Cursor) {
    this.subject = cursor.subject;
    this.#nextSeq = cursor.nextSeq;
    for (const [seq, attempts] of cursor.unsettled) this.#unsettled.set(seq, { attempts, dueAt: 0 });
  }

  get nextSeq(): number {
    return this.#nextSeq;
  }
  get unsettledCount(): number {
    return this.#unsettled.size;
  }
  get cursor(): Cursor {
    const unsettled = [...this.#unsettled].map(([seq, { attempts }]) => [seq, attempts] as const);
    return { nextSeq: this.#nextSeq, unsettled, subject: this.subject };
  }

  /** Messages whose time for another delivery has come, oldest first. */
  due(now: number, limit: number): number[] {
    const seqs: number[] = [];
    for (const [seq, { dueAt }] of this.#unsettled) {
      if (seqs.length === limit) break;
      if (dueAt <= now) seqs.push(seq);
    }
    return seqs;
  }

  /** Earliest time at which something falls due, or undefined. */
  nextDue(): number | undefined {
    let earliest: number | undefined;
    for (const { dueAt } of this.#unsettled.values()) {
      if (earliest === undefined || dueAt < earliest) earliest = dueAt;
    }
    return earliest;
  }

  /** Attempts that a message has had. */
  attempts(seq: number): number {
    return this.#unsettled.get(seq)?.attempts ?? 0;
  }

  /** Hands out a message, to be delivered again at `dueAt` unless settled; returns which attempt this is. */
  deliver(seq: number, dueAt: number): number {
    const attempts = this.attempts(seq) + 1;
    this.#unsettled.set(seq, { attempts, dueAt });
    this.#nextSeq = Math.max(this.#nextSeq, seq + 1);
    return attempts;
  }

  /** False where it was settled before. */
  settle(seq: number): boolean {
    return this.#unsettled.delete(seq);
  }

  /** Puts the next delivery at another time; false where it is settled. */
  postpone(seq: number, dueAt: number): boolean {
    const unsettled = this.#unsettled.get(seq);
    if (unsettled) unsettled.dueAt = dueAt;
    return unsettled !== undefined;
  }
}
