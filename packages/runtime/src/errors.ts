/** The input will never work: dead-letter it with the reason. */
export class Rejected extends Error {
  readonly reason: string;
  readonly messageZh: string;
  /** JSON path of the field at fault, "" for the whole. */
  readonly field: string;
  constructor(reason: string, text: { zh: string; en: string }, field = "", options?: ErrorOptions) {
    super(text.en, options);
    this.name = "Rejected";
    this.reason = reason;
    this.messageZh = text.zh;
    this.field = field;
  }
}

/** Try later: redeliver with back-off. */
export class Unavailable extends Error {
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options?: ErrorOptions & { retryAfterMs?: number }) {
    super(message, options);
    this.name = "Unavailable";
    this.retryAfterMs = options?.retryAfterMs;
  }
}
