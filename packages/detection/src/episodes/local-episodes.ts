import type { EpisodeEvent } from "@hotgrid/contracts";
import { estimateSource } from "../source/estimate-source.ts";
import { NEVER } from "../state/columns.ts";
import type { Channels } from "../state/network.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { evidenceOf } from "./evidence.ts";
import { announce } from "./publish.ts";
import type { EpisodeRecord, Member } from "./record.ts";
import { newRecord } from "./records.ts";
import { judgeDevice } from "./steadiness.ts";
import { FEWEST_HOT_TICKS, hotMinutes, isNear, secondWitness } from "./witness.ts";

const HOUR_MINUTES = 60;
/** How long a device that was caught is not asked again. min, ours. */
const DEVICE_CHECK_MINUTES = 120;

/** Open local episodes and those that ended of late, oldest first. */
export interface LocalEpisodes {
  open: EpisodeRecord[];
  recent: EpisodeRecord[];
}

/** Turns hot minutes into episodes: opened provisionally, confirmed by holding or by a second witness, merged within
 *  reach, resolved after quiet. */
export function advanceLocal(state: LocalEpisodes, context: TickContext): EpisodeEvent[] {
  forgetOld(state, context);
  for (const [i, stations] of context.look.entries()) {
    const channels = context.network.channels[i];
    if (channels) for (const s of stations) notice(state, context, i, channels, s);
  }
  const merged = mergeNear(state, context);
  for (const record of state.open) confirm(context, record);
  for (const record of state.open) locate(context, record);
  for (const record of state.open) resolve(context, record);
  const events = [...merged, ...state.open].flatMap((record) => announce(context, record) ?? []);
  for (const record of state.open) if (record.ended !== null) release(context, record);
  state.recent.push(...state.open.filter((r) => r.ended !== null && r.reason !== "device-check"));
  state.open = state.open.filter((r) => r.ended === null);
  return events;
}

function forgetOld(state: LocalEpisodes, context: TickContext): void {
  const { recurMinutes } = context.rules.decision;
  state.recent = state.recent.filter((r) => minutesOf(context, context.tick - (r.ended ?? 0)) <= recurMinutes);
}

/** A channel worth a look: goes on in its episode, joins one in reach, or opens one. */
function notice(state: LocalEpisodes, context: TickContext, i: number, channels: Channels, s: number): void {
  const c = channels.columns;
  if (!((c.hotLow[s] as number) & 1)) return;
  const id = context.network.stations[s]?.id ?? "";
  const home = state.open.find((r) => r.members.some((m) => m.station === id && m.property === channels.property));
  if (home) {
    goOn(context, home, i, channels, s, id);
    return;
  }
  const { decision } = context.rules;
  if (!((c.ez[s] as number) > decision.openEz)) return;
  const hot = hotMinutes(context, channels, s, decision.openWindowMinutes);
  if (!(hot > decision.openHotMinutes) || hot < FEWEST_HOT_TICKS * context.work.shape.tickMinutes) return;
  const near = state.open.find((r) => isNear(context, r, s)) ?? revive(state, context, s);
  if (!near && !channels.opens) return;
  const record = near ?? open(context, channels, s, id);
  if (!near) state.open.push(record);
  join(context, record, channels, s, id);
  goOn(context, record, i, channels, s, id);
}

/** What comes back within the hour is the same episode. */
function revive(state: LocalEpisodes, context: TickContext, s: number): EpisodeRecord | undefined {
  const record = state.recent.find((r) => isNear(context, r, s) && !r.reason.startsWith("merged-into"));
  if (!record) return undefined;
  state.recent = state.recent.filter((r) => r !== record);
  record.ended = null;
  record.reason = "recurrence";
  record.members = [];
  state.open.push(record);
  return record;
}

function open(context: TickContext, channels: Channels, s: number, id: string): EpisodeRecord {
  const started = firstHotTick(context, channels, s);
  return newRecord(context, { kind: "local", property: channels.property, place: id, started, reason: "hot-minutes" });
}

/** The oldest hot tick of the window in which it opened. */
function firstHotTick(context: TickContext, channels: Channels, s: number): number {
  const ticks = Math.min(32, context.work.ticks(context.rules.decision.openWindowMinutes));
  const bits = (channels.columns.hotLow[s] as number) & (ticks === 32 ? -1 : 2 ** ticks - 1);
  return context.tick - (31 - Math.clz32(bits));
}

function join(context: TickContext, record: EpisodeRecord, channels: Channels, s: number, id: string): void {
  const member: Member = {
    station: id,
    property: channels.property,
    joined: context.tick,
    hot: -1,
    lastHot: context.tick,
    dose: earlierDose(context, channels, s),
  };
  record.members.push(member);
  if (!record.stations.includes(id)) record.stations.push(id);
  if (!record.properties.includes(channels.property)) record.properties.push(channels.property);
  channels.columns.inEpisode[s] = 1;
}

/** What a tick shows above the threshold, in delta x minutes: strong smoke is believed soon, faint smoke late. */
function doseOf(context: TickContext, channels: Channels, s: number, increment: number): number {
  const delta = channels.rules[s]?.delta ?? Number.POSITIVE_INFINITY;
  const above = increment - (channels.columns.threshold[s] as number);
  return above > 0 ? (above / delta) * context.work.shape.tickMinutes : 0;
}

function earlierDose(context: TickContext, channels: Channels, s: number): number {
  const { history } = context.work.shape;
  const ticks = Math.min(history, context.work.ticks(context.rules.decision.openWindowMinutes));
  let dose = 0;
  for (let i = 0; i < ticks; i++) {
    const at = s * history + ((((context.tick - i) % history) + history) % history);
    dose += doseOf(context, channels, s, channels.columns.increments[at] as number);
  }
  return dose;
}

function goOn(context: TickContext, record: EpisodeRecord, i: number, channels: Channels, s: number, id: string): void {
  const c = channels.columns;
  const member = record.members.find((m) => m.station === id && m.property === channels.property);
  if (!member) return;
  member.hot++;
  member.lastHot = context.tick;
  record.lastSeen = context.tick;
  // Five minutes' median: a truck that passes must not make a fire out of a barbecue.
  const excess = (c.residual[s] as number) + (c.median[s] as number) - (c.x[s] as number);
  if (member.joined !== context.tick) member.dose += doseOf(context, channels, s, excess);
  if (channels.property !== record.property || excess <= record.peakExcess) return;
  record.peak = c.median[s] as number;
  record.peakExcess = excess;
  const surrounded = (c.neighbours[s] as number) >= context.rules.background.fewestNeighbours;
  record.background = (surrounded ? c.background[s] : c.base[s]) as number;
  record.peakStation = id;
  record.evidence = evidenceOf(context, i, s, notesOf(context, record, channels, s));
}

function notesOf(context: TickContext, record: EpisodeRecord, channels: Channels, s: number): string[] {
  const c = channels.columns;
  const notes = [record.reason];
  if ((c.neighbours[s] as number) < context.rules.background.fewestNeighbours) notes.push("uncorroborated");
  if (isYoung(context, channels, s, context.rules.coldStart.learningDays * 24 * HOUR_MINUTES)) notes.push("learning");
  if (c.regional[s]) notes.push("regional-zone");
  return notes;
}

function isYoung(context: TickContext, channels: Channels, s: number, minutes: number): boolean {
  return minutesOf(context, context.tick - (channels.columns.firstTick[s] as number)) < minutes;
}

/** Provisional episodes become confirmed, or turn out to be a device. */
function confirm(context: TickContext, record: EpisodeRecord): void {
  if (record.confirmed !== null || record.ended !== null) return;
  const { network, rules } = context;
  const leader = network.indexOf.get(record.peakStation);
  const channel = network.channels.findIndex((c) => c.property === record.property);
  const channels = network.channels[channel];
  if (leader === undefined || !channels) return;
  const dose = record.members.reduce((sum, m) => sum + m.dose, 0);
  const witness = dose >= rules.decision.agreeDose ? secondWitness(context, record) : null;
  const held = record.members.some((m) => hasHeld(context, m));
  if (!witness && !held) return;
  if (isYoung(context, channels, leader, rules.coldStart.silentHours * HOUR_MINUTES)) {
    record.reason = "learning";
    return;
  }
  const alone = record.stations.length === 1 && witness !== "second-station";
  const judgement = alone ? judgeDevice(context, channels, leader) : "believed";
  if (judgement === "wait") return;
  record.reason = judgement === "device" ? "device-check" : witness ? `${witness}-agrees` : "held";
  record.evidence = evidenceOf(context, channel, leader, notesOf(context, record, channels, leader));
  if (judgement === "believed") record.confirmed = context.tick;
  else blameDevice(context, record, leader);
}

/** Ends the episode; the device-check test makes it a maintenance case. */
function blameDevice(context: TickContext, record: EpisodeRecord, leader: number): void {
  record.ended = context.tick;
  for (const member of record.members) {
    const own = context.network.channels.find((c) => c.property === member.property);
    if (own) own.columns.deviceCheckUntil[leader] = context.tick + context.work.ticks(DEVICE_CHECK_MINUTES);
  }
}

function hasHeld(context: TickContext, member: Member): boolean {
  const { holdHotMinutes, holdWindowMinutes, holdDose } = context.rules.decision;
  return (
    minutesOf(context, member.hot) >= holdHotMinutes &&
    member.dose >= holdDose &&
    minutesOf(context, context.tick - member.joined) <= holdWindowMinutes
  );
}

function locate(context: TickContext, record: EpisodeRecord): void {
  if (record.confirmed === null || record.ended !== null) return;
  const again = context.rules.source.againMinutes;
  if (record.sourceTick !== NEVER && minutesOf(context, context.tick - record.sourceTick) < again) return;
  if (record.lastSeen !== context.tick) return;
  record.sourceTick = context.tick;
  record.source = estimateSource(context, record) ?? record.source;
}

function resolve(context: TickContext, record: EpisodeRecord): void {
  if (record.ended !== null) return;
  if (minutesOf(context, context.tick - record.lastSeen) < context.rules.decision.resolveQuietMinutes) return;
  record.ended = record.lastSeen + 1;
  record.reason = record.confirmed === null ? "withdrawn" : "recovered";
}

/** Episodes in reach of each other are one. */
function mergeNear(state: LocalEpisodes, context: TickContext): EpisodeRecord[] {
  const merged: EpisodeRecord[] = [];
  // The confirmed one survives, since somebody is on the way for it; else the older.
  state.open.sort((a, b) => Number(a.confirmed === null) - Number(b.confirmed === null) || a.started - b.started);
  for (let a = 0; a < state.open.length; a++) {
    const older = state.open[a] as EpisodeRecord;
    for (let b = state.open.length - 1; b > a; b--) {
      const younger = state.open[b] as EpisodeRecord;
      const near = younger.stations.some((id) => {
        const s = context.network.indexOf.get(id);
        return s !== undefined && isNear(context, older, s);
      });
      if (!near) continue;
      absorb(older, younger);
      younger.ended = context.tick;
      younger.reason = `merged-into-${older.id}`;
      merged.push(...state.open.splice(b, 1));
    }
  }
  return merged;
}

function absorb(older: EpisodeRecord, younger: EpisodeRecord): void {
  older.members.push(...younger.members);
  older.stations.push(...younger.stations.filter((id) => !older.stations.includes(id)));
  older.properties.push(...younger.properties.filter((property) => !older.properties.includes(property)));
  older.lastSeen = Math.max(older.lastSeen, younger.lastSeen);
}

function release(context: TickContext, record: EpisodeRecord): void {
  for (const member of record.members) {
    const s = context.network.indexOf.get(member.station);
    const channels = context.network.channels.find((c) => c.property === member.property);
    if (s !== undefined && channels) channels.columns.inEpisode[s] = 0;
  }
}
