/** A step that is over. */
export interface FinishedSpan {
  readonly name: string;
  readonly id: string;
  readonly reading: string;
  /** id of the span that led here; null: it is the first of its trace. */
  readonly after: string | null;
  /** Epoch ms, with fractions. */
  readonly from: number;
  readonly to: number;
  readonly fields: Readonly<Record<string, string | number>> | undefined;
  readonly failed: string | undefined;
}
