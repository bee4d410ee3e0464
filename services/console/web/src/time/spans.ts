import type { Text } from "../language/language-context.tsx";
import type { SharedPhrases } from "../language/shared-phrases.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long ago, in words. A little in the future is now: two clocks are never quite the same. */
export function relativeTime(thenMs: number, nowMs: number, text: Text<SharedPhrases>): string {
  const ago = nowMs - thenMs;
  if (ago < -MINUTE_MS) return text("time.inMinutes", { n: Math.round(-ago / MINUTE_MS) });
  if (ago < MINUTE_MS) return text("time.now");
  if (ago < HOUR_MS) return text("time.minutesAgo", { n: Math.floor(ago / MINUTE_MS) });
  if (ago < DAY_MS) return text("time.hoursAgo", { n: Math.floor(ago / HOUR_MS) });
  return text("time.daysAgo", { n: Math.floor(ago / DAY_MS) });
}

/** 05:09, 1:02:03, from a day on in words. `ms` not negative. */
export function spanText(ms: number, text: Text<SharedPhrases>): string {
  if (ms >= DAY_MS) return text("time.days", { d: Math.floor(ms / DAY_MS), h: Math.floor((ms % DAY_MS) / HOUR_MS) });
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = two(Math.floor((ms % HOUR_MS) / MINUTE_MS));
  const seconds = two(Math.floor((ms % MINUTE_MS) / SECOND_MS));
  const hours = Math.floor(ms / HOUR_MS);
  return hours > 0 ? `${hours}:${minutes}:${seconds}` : `${minutes}:${seconds}`;
}

export interface Countdown {
  readonly overdue: boolean;
  /** A tenth of an hour left, or less: shown as a warning. */
  readonly soon: boolean;
  /** "剩余 05:09" or "超时 05:09". */
  readonly label: string;
  /** "05:09" alone. */
  readonly span: string;
}

const SOON_MS = 6 * MINUTE_MS;

/** The last second of the time counts as time left: at the due moment it is overdue by 00:00. */
export function countdown(dueMs: number, nowMs: number, text: Text<SharedPhrases>): Countdown {
  const left = dueMs - nowMs;
  const overdue = left <= 0;
  const span = spanText(Math.abs(left), text);
  return {
    overdue,
    soon: !overdue && left <= SOON_MS,
    span,
    label: text(overdue ? "clock.overdue" : "clock.left", { time: span }),
  };
}
