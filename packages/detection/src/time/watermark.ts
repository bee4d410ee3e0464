/** A station that never reported. */
const NEVER = -(2 ** 31);

export interface WatermarkRules {
  /** Ticks to wait after a tick before it closes. */
  readonly lateness: number;
  /** Further ticks that a minority must be ahead, to carry time on without the majority. */
  readonly patience: number;
  /** Ticks of silence after which a station is not waited for. */
  readonly active: number;
  readonly quorum: number;
  readonly minority: number;
}

/** Event time of a city, in ticks. It follows the bulk of the stations: a tick closes when more than half of the active
 *  stations have reported beyond it by the allowed lateness, so that one fast clock can't push time and one dead station can't
 *  hold it; or when a tenth have gone further beyond than any clock that the gateway accepts can be wrong (more than
 *  half fell silent at once); or when the gateway's clock mark says so (all fell silent). Order of the log decides. */
export class Watermark {
  /** Newest tick of each station. */
  readonly latest: Int32Array;
  /** Earliest tick not yet closed; null before the first reading. */
  next: number | null = null;
  readonly #rules: WatermarkRules;
  #active = 0;
  #ahead = 0;
  #farAhead = 0;
  #marked = NEVER;

  constructor(latest: Int32Array, rules: WatermarkRules) {
    this.latest = latest;
    this.#rules = rules;
  }

  static readonly NEVER = NEVER;

  observe(station: number, tick: number): void {
    this.next ??= tick - this.#rules.lateness;
    const before = this.latest[station] as number;
    if (tick <= before) return;
    this.latest[station] = tick;
    const { due, far, awake } = this.#limits(this.next);
    if (before < awake && tick >= awake) this.#active++;
    if (before < due && tick >= due) this.#ahead++;
    if (before < far && tick >= far) this.#farAhead++;
  }

  /** The gateway's clock has passed `tick` by the allowed lateness while nobody reported. */
  mark(tick: number): void {
    this.#marked = Math.max(this.#marked, tick);
  }

  /** Is `next` to be closed now? */
  isDue(): boolean {
    if (this.next === null) return false;
    if (this.#marked >= this.next) return true;
    if (this.#ahead === 0) return false;
    const { quorum, minority } = this.#rules;
    return this.#ahead > this.#active * quorum || this.#farAhead >= Math.max(1, this.#active * minority);
  }

  /** Moves on to `next`, by one or more ticks. */
  moveTo(next: number): void {
    this.next = next;
    this.recount();
  }

  /** Counts again from `latest`: after a move or a restore. */
  recount(): void {
    this.#active = 0;
    this.#ahead = 0;
    this.#farAhead = 0;
    if (this.next === null) return;
    const { due, far, awake } = this.#limits(this.next);
    for (const tick of this.latest) {
      if (tick >= awake) this.#active++;
      if (tick >= due) this.#ahead++;
      if (tick >= far) this.#farAhead++;
    }
  }

  /** Newest tick that the majority has reached, or a minority less its patience. */
  bulk(): number {
    const known = [...this.latest].filter((tick) => tick !== NEVER).sort((a, b) => b - a);
    const reachedBy = (share: number) => known[Math.floor(known.length * share)] ?? NEVER;
    const { quorum, minority, patience } = this.#rules;
    return Math.max(reachedBy(quorum), reachedBy(minority) - patience);
  }

  get marked(): number {
    return this.#marked;
  }
  set marked(tick: number) {
    this.#marked = tick;
  }

  #limits(next: number): { due: number; far: number; awake: number } {
    const due = next + 1 + this.#rules.lateness;
    return { due, far: due + this.#rules.patience, awake: next - this.#rules.active };
  }
}
