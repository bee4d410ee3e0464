import type { Channels } from "../state/network.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { evidenceOf } from "./evidence.ts";
import { hasCrept, isBroken, isFaint, isSteadyAlone, judgeAlone, seemsFrozen } from "./judge-device.ts";
import { ageMinutes, notesOf } from "./members.ts";
import type { EpisodeRecord, LocalEpisodes, Member } from "./record.ts";
import { secondWitness } from "./witness.ts";

const HOUR_MINUTES = 60;
/** How long a device that was caught is not asked again. min, ours. */
const DEVICE_CHECK_MINUTES = 120;

interface Located {
  readonly channels: Channels;
  readonly s: number;
}

function locatedOf(context: TickContext, member: Pick<Member, "station" | "property">): Located | null {
  const s = context.network.indexOf.get(member.station);
  const channels = context.network.channels.find((c) => c.property === member.property);
  return s === undefined || !channels ? null : { channels, s };
}

/** A provisional episode becomes confirmed by holding or by a second witness, or turns out to be a device. */
export function confirm(state: LocalEpisodes, context: TickContext, record: EpisodeRecord): void {
  if (record.confirmed !== null || record.ended !== null) return;
  const leader = locatedOf(context, { station: record.peakStation, property: record.property });
  const why = reasonToBelieve(context, record);
  // Nobody is sent for what is no longer hot.
  if (!leader || !why || record.lastSeen !== context.tick) return;
  if (ageMinutes(context, leader.channels, leader.s) < context.rules.coldStart.silentHours * HOUR_MINUTES) {
    record.reason = "learning";
    return;
  }
  const alone = record.stations.length === 1 && why !== "second-station-agrees";
  const doubtful = seemsFrozen(context, leader.channels, leader.s) || hasCrept(context, leader.channels, leader.s);
  const judgement = alone ? judgeAlone(context, leader.channels, leader.s) : doubtful ? "wait" : "believed";
  if (isHeldByFlood(state, context, record)) return;
  if (judgement === "wait" || (judgement === "believed" && isAllFaint(context, record))) return;
  record.reason = judgement === "device" ? "device-check" : why;
  const notes = notesOf(context, record, leader.channels, leader.s);
  record.evidence = evidenceOf(context, context.network.channels.indexOf(leader.channels), leader.s, notes);
  if (judgement === "believed") record.confirmed = context.tick;
  else {
    record.ended = context.tick;
    for (const member of record.members) blame(context, member);
  }
}

function reasonToBelieve(context: TickContext, record: EpisodeRecord): string | null {
  const dose = record.members.reduce((sum, m) => sum + m.dose, 0);
  const witness = dose >= context.rules.decision.agreeDose ? secondWitness(context, record) : null;
  if (witness) return `${witness}-agrees`;
  return record.members.some((m) => hasHeld(context, m)) ? "held" : null;
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

function hasHeld(context: TickContext, member: Member): boolean {
  const { holdHotMinutes, holdWindowMinutes, holdDose } = context.rules.decision;
  const minutes = minutesOf(context, context.tick - member.joined);
  return minutesOf(context, member.hot) >= holdHotMinutes && member.dose >= holdDose && minutes <= holdWindowMinutes;
}

/** Too little to send somebody, and not for long enough either. */
function isAllFaint(context: TickContext, record: EpisodeRecord): boolean {
  return record.members.every((member) => {
    const located = locatedOf(context, member);
    if (member.dose >= context.rules.decision.faintDose) return false;
    return !located || isFaint(context, located.channels, located.s);
  });
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
