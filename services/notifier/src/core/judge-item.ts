import type { Silence } from "@hotgrid/store";
import { quietUntil } from "@hotgrid/tickets";
import { mutedBy } from "./inhibition.ts";
import { CLOSED_STEPS, FOLLOWING_STEPS, HANDED_OVER, type Subject } from "./news.ts";
import type { NotificationRules } from "./notification-rules.ts";
import type { Item } from "./plan-items.ts";
import { silencedBy } from "./silence.ts";

/** What is known when an item's time has come. */
export interface Situation {
  /** Epoch ms UTC. */
  readonly now: number;
  /** Of the city's local time from UTC. */
  readonly offsetMinutes: number;
  /** The item's subject as it is now. */
  readonly subject: Subject;
  /** Whether this receiver was told of this subject before. */
  readonly toldBefore: boolean;
  readonly openSubjects: readonly Subject[];
  readonly silences: readonly Silence[];
}

export type Judgement =
  | { readonly verdict: "tell" }
  | { readonly verdict: "wait"; readonly until: number; readonly reason: string }
  | { readonly verdict: "drop"; readonly reason: string };

/** How often a muted item is looked at again, ms. Ours: a region's episode ends by the minute. */
const LOOK_AGAIN_MS = 60_000;

/** Whether an item is told now, later or never, and why. */
export function judgeItem(item: Item, situation: Situation, rules: NotificationRules): Judgement {
  const never = reasonToDrop(item, situation);
  if (never !== null) return { verdict: "drop", reason: never };
  if (rules.atOnce.includes(item.news.step)) return { verdict: "tell" };
  const { subject, now } = situation;
  const silence = silencedBy(subject, situation.silences, now);
  if (silence)
    return { verdict: "wait", until: Math.min(silence.endsAt, now + LOOK_AGAIN_MS), reason: `silenced ${silence.id}` };
  const source = mutedBy(subject, situation.openSubjects, rules.inhibitions);
  if (source && !HANDED_OVER.includes(item.news.step))
    return { verdict: "wait", until: now + LOOK_AGAIN_MS, reason: `inhibited ${source.id}` };
  const quiet = quietUntil(rules.quietHours, subject.severity, now, situation.offsetMinutes);
  return quiet === null ? { verdict: "tell" } : { verdict: "wait", until: quiet, reason: "quiet-hours" };
}

function reasonToDrop(item: Item, { subject, toldBefore }: Situation): string | null {
  const { step } = item.news;
  if (FOLLOWING_STEPS.includes(step)) {
    if (!toldBefore) return "beginning-was-never-told";
  } else if (subject.isOver && !CLOSED_STEPS.includes(step)) return "over-before-told";
  if (step === "reminder" && subject.state !== "dispatched") return "answered";
  if (step === "reminder" && subject.officerId !== item.news.subject.officerId) return "another-holds-it";
  return null;
}
