import type { Channels } from "../state/network.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { isClimbing } from "./climbing.ts";
import { evidenceOf } from "./evidence.ts";
import { hotMinutes } from "./hot-minutes.ts";
import {
  isBroken,
  isDoubtful,
  isFaint,
  isSteadyAlone,
  isUnbroken,
  type Judgement,
  judgeAlone,
} from "./judge-device.ts";
import { ageMinutes, markConfirmed, notesOf } from "./members.ts";
import type { EpisodeRecord, LocalEpisodes, Member } from "./record.ts";
import { secondWitness } from "./witness.ts";

const HOUR_MINUTES = 60;
/** How long a device that was caught is not asked again. min, ours. */
const DEVICE_CHECK_MINUTES = 120;

interface Located {
  readonly channels: Channels;
  readonly s: number;
  readonly member: Member;
}

function locatedOf(context: TickContext, member: Member): Located | null {
  const s = context.network.indexOf.get(member.station);
  const channels = context.network.channels.find((c) => c.property === member.property);
  return s === undefined || !channels ? null : { channels, s, member };
}

/** A provisional episode becomes confirmed by holding or by a second witness, or turns out to be a device. */
export function confirm(state: LocalEpisodes, context: TickContext, record: EpisodeRecord): void {
  if (record.confirmed !== null || record.ended !== null) return;
  const hot = hotMembers(context, record);
  const leader = leaderOf(context, hot);
  const why = leader ? reasonToBelieve(context, record, leader) : null;
  // Nobody is sent for what is no longer hot.
  if (!leader || !why) return;
  if (ageMinutes(context, leader.channels, leader.s) < context.rules.coldStart.silentHours * HOUR_MINUTES) {
    record.reason = "learning";
    return;
  }
  if (isHeldByFlood(state, context, record)) return;
  const judgement = judge(context, leader, why);
  // What climbs steadily may be a front that reaches this station first: its neighbours are waited for.
  if (judgement === "believed" && (isClimbing(context, leader.channels, leader.s) || isTooFaint(context, leader)))
    return;
  if (judgement === "wait") return;
  record.reason = judgement === "device" ? "device-check" : why;
  const notes = notesOf(context, record, leader.channels, leader.s);
  record.evidence = evidenceOf(context, context.network.channels.indexOf(leader.channels), leader.s, notes);
  if (judgement === "believed") {
    record.confirmed = context.tick;
    markConfirmed(context, record);
  } else {
    record.ended = context.tick;
    for (const member of record.members) blame(context, member);
  }
}

function judge(context: TickContext, leader: Located, why: string): Judgement {
  if (why !== "second-station-agrees") return judgeAlone(context, leader.channels, leader.s);
  return isDoubtful(context, leader.channels, leader.s) ? "wait" : "believed";
}

function hotMembers(context: TickContext, record: EpisodeRecord): Located[] {
  return record.members.flatMap((member) => {
    const located = member.lastHot === context.tick ? locatedOf(context, member) : null;
    // What opens no episode by itself doesn't decide one either.
    return located?.channels.opens ? [located] : [];
  });
}

/** Whom to judge: of those that are hot now the one furthest above its threshold, a sound one where there is any. */
function leaderOf(context: TickContext, hot: readonly Located[]): Located | undefined {
  const size = ({ channels: { columns }, s }: Located) =>
    (columns.lasting[s] as number) / (columns.threshold[s] as number);
  const sorted = hot.toSorted((a, b) => size(b) - size(a));
  return sorted.find(({ channels, s }) => !isDoubtful(context, channels, s)) ?? sorted[0];
}

function reasonToBelieve(context: TickContext, record: EpisodeRecord, leader: Located): string | null {
  const dose = record.members.reduce((sum, m) => sum + m.dose, 0);
  const witness = dose >= context.rules.decision.agreeDose ? secondWitness(context, record) : null;
  if (witness) return `${witness}-agrees`;
  if (isUnmistakable(context, leader)) return "unmistakable";
  return hasHeld(context, leader) ? "held" : null;
}

/** Several cases of one kind within the hour are more likely a front on its way than as many fires: the next ones must
 *  last until the front would have reached their neighbours (alarm floods, EEMUA 191). */
function isHeldByFlood({ open, recent }: LocalEpisodes, context: TickContext, record: EpisodeRecord): boolean {
  const { floodEpisodes, floodHoldMinutes } = context.rules.decision;
  if (minutesOf(context, context.tick - record.started) >= floodHoldMinutes) return false;
  const family = (r: EpisodeRecord) => context.network.channels.find((c) => c.property === r.property)?.family;
  const isFresh = ({ confirmed }: EpisodeRecord) =>
    confirmed !== null && minutesOf(context, context.tick - confirmed) <= HOUR_MINUTES;
  const others = [...open, ...recent].filter((r) => r !== record && isFresh(r) && family(r) === family(record));
  return others.length >= floodEpisodes;
}

/** Strong smoke without a pause is believed as soon as it opens an episode. */
function isUnmistakable(context: TickContext, { channels, s, member }: Located): boolean {
  return member.dose >= context.rules.decision.sureDose && isUnbroken(context, channels, s);
}

/** So many hot minutes since it opened, and still as many of late as opened it. */
function hasHeld(context: TickContext, { channels, s, member }: Located): boolean {
  const { holdHotMinutes, openHotMinutes, openWindowMinutes, holdDose } = context.rules.decision;
  const lately = hotMinutes(context, channels, s, openWindowMinutes);
  return minutesOf(context, member.hot) >= holdHotMinutes && member.dose >= holdDose && lately > openHotMinutes;
}

/** Too little to send somebody, and not for long enough either. */
function isTooFaint(context: TickContext, { channels, s, member }: Located): boolean {
  return member.dose < context.rules.decision.faintDose && isFaint(context, channels, s);
}

/** The device-check test speaks for a while: it makes a maintenance case, and ends its say in this episode. */
function blame(context: TickContext, member: Member): void {
  const located = locatedOf(context, member);
  if (!located) return;
  located.channels.columns.deviceCheckUntil[located.s] = context.tick + context.work.ticks(DEVICE_CHECK_MINUTES);
  located.channels.columns.inEpisode[located.s] = 0;
}

/** Everybody else who saw it has been quiet since. */
function isLeft(context: TickContext, record: EpisodeRecord, member: Member): boolean {
  const quiet = context.rules.decision.resolveQuietMinutes;
  return record.members.every(
    (m) => m.station === member.station || minutesOf(context, context.tick - m.lastHot) >= quiet,
  );
}

/** A broken device has no say, whoever else is in the episode; without other members the episode ends. */
export function evictBroken(context: TickContext, record: EpisodeRecord): void {
  const broken = record.members.filter((member) => {
    const located = member.lastHot === context.tick ? locatedOf(context, member) : null;
    if (!located) return false;
    if (isBroken(context, located.channels, located.s)) return true;
    return isLeft(context, record, member) && isSteadyAlone(context, located.channels, located.s);
  });
  if (broken.length === 0) return;
  for (const member of broken) blame(context, member);
  record.members = record.members.filter((member) => !broken.includes(member));
  record.stations = record.stations.filter((id) => record.members.some((m) => m.station === id));
  if (record.members.length > 0) return;
  record.stations = [...new Set(broken.map((member) => member.station))];
  record.ended = context.tick;
  record.reason = "device-check";
}
