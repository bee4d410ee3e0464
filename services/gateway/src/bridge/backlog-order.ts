/** Messages of a connection that are taken before the next one's turn. Ours. */
const TURN = 8;
/** A connection with fewer waiting has no backlog: nothing of it is held up. Ours: what brokers keep on their way. */
const BACKLOG = 20;
/** How far one connection may be ahead of another in event time, ms. Ours: the allowed lateness is two minutes, and the
 *  stations' minutes begin at different seconds. */
const STEP_MS = 60_000;
/** A connection from which nothing has come for so long is not waited for, ms. Ours. */
const BUSY_MS = 200;
/** Longest time for which a connection waits for its turn, ms. Ours: where old readings come beside new ones, connections
 *  are never in step for long. */
const HOLD_MS = 250;
/** Between two looks while all that could be taken has to wait, ms. Ours. */
const LOOK_MS = 5;

/** What has come by one connection and is not taken yet. */
export class BacklogLine {
  readonly waiting: (() => void)[] = [];
  /** phenomenonTime of what was taken last, epoch ms. */
  time = Number.NEGATIVE_INFINITY;
  heardAt = Number.NEGATIVE_INFINITY;
  /** Since when it waits for others; undefined where it does not. */
  heldSince: number | undefined;
}

/** Takes what several connections to one broker bring in nearly the order of event time. The broker deals messages out to
 *  them in turn and keeps a queue for each: after an outage hours of them, in bursts of hundreds. Taken as they come, one
 *  connection would soon be minutes of event time ahead, and what the others bring too late to be judged. */
export class BacklogOrder {
  readonly #now: () => number;
  readonly #lines = new Set<BacklogLine>();
  #next: NodeJS.Immediate | undefined;
  #look: NodeJS.Timeout | undefined;

  /** @param now of a clock that never goes back, ms */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** A connection's place, until it is left. */
  enter(): BacklogLine {
    const line = new BacklogLine();
    this.#lines.add(line);
    return line;
  }

  /** What still waits there is forgotten: without an answer the broker delivers it again. */
  leave(line: BacklogLine): void {
    line.waiting.length = 0;
    this.#lines.delete(line);
  }

  add(line: BacklogLine, take: () => void): void {
    line.heardAt = this.#now();
    line.waiting.push(take);
    this.#next ??= setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#next = undefined;
    clearTimeout(this.#look);
    let taken = 0;
    for (const line of this.#lines) {
      if (line.waiting.length === 0 || this.#isToWait(line)) continue;
      line.heldSince = undefined;
      for (const take of line.waiting.splice(0, TURN)) take();
      taken++;
    }
    if (taken > 0 && this.#isWaiting()) this.#next ??= setImmediate(() => this.#turn());
    else if (this.#isWaiting()) this.#look = setTimeout(() => this.#turn(), LOOK_MS);
  }

  #isWaiting(): boolean {
    for (const line of this.#lines) if (line.waiting.length > 0) return true;
    return false;
  }

  #isToWait(line: BacklogLine): boolean {
    const now = this.#now();
    const isAhead = line.waiting.length >= BACKLOG && this.#isAhead(line, now);
    if (!isAhead) line.heldSince = undefined;
    else line.heldSince ??= now;
    return line.heldSince !== undefined && now - line.heldSince < HOLD_MS;
  }

  #isAhead({ time }: BacklogLine, now: number): boolean {
    for (const other of this.#lines) {
      const isBusy = other.waiting.length > 0 || now - other.heardAt < BUSY_MS;
      if (isBusy && other.time < time - STEP_MS) return true;
    }
    return false;
  }
}
