import type { ChannelColumns } from "../state/columns.ts";
import type { Channels } from "../state/network.ts";
import { minutesOf, type TickContext } from "../tick/context.ts";
import { backgroundOf, isSurrounded, slotOf } from "../tick/frame.ts";
import { CONFIRMED, PROVISIONAL } from "../tick/habits.ts";
import { evidenceOf } from "./evidence.ts";
import type { EpisodeRecord } from "./record.ts";

const DAY_MINUTES = 1440;

export function join(context: TickContext, record: EpisodeRecord, channels: Channels, s: number, id: string): void {
  record.members.push({
    station: id,
    property: channels.property,
    joined: context.tick,
    hot: -1,
    lastHot: context.tick,
    dose: earlierDose(context, channels, s),
  });
  if (!record.stations.includes(id)) record.stations.push(id);
  if (!record.properties.includes(channels.property)) record.properties.push(channels.property);
  channels.columns.inEpisode[s] = record.confirmed === null ? PROVISIONAL : CONFIRMED;
}

/** What they show is a case now, and no habit. */
export function markConfirmed(context: TickContext, record: EpisodeRecord): void {
  eachMember(context, record, (columns, s) => {
    columns.inEpisode[s] = CONFIRMED;
  });
}

/** A hot minute more. */
export function goOn(context: TickContext, record: EpisodeRecord, channel: number, s: number, id: string): void {
  const channels = context.network.channels[channel];
  const member = record.members.find((m) => m.station === id && m.property === channels?.property);
  if (!channels || !member) return;
  const { columns } = channels;
  member.hot++;
  member.lastHot = context.tick;
  record.lastSeen = context.tick;
  const excess = columns.lasting[s] as number;
  if (member.joined !== context.tick) member.dose += doseOf(context, channels, s, excess);
  if (channels.property !== record.property || excess <= record.peakExcess) return;
  record.peak = columns.median[s] as number;
  record.peakExcess = excess;
  record.background = backgroundOf({ columns, rules: context.rules }, s);
  record.peakStation = id;
  record.evidence = evidenceOf(context, channel, s, notesOf(context, record, channels, s));
}

/** What a tick shows above the threshold, in delta x minutes: strong smoke is believed soon, faint smoke late. */
function doseOf(context: TickContext, channels: Channels, s: number, increment: number): number {
  const delta = channels.rules[s]?.delta ?? Number.POSITIVE_INFINITY;
  const above = increment - (channels.columns.threshold[s] as number);
  return above > 0 ? (above / delta) * context.work.shape.tickMinutes : 0;
}

/** Of the minutes in which it was not an episode yet. */
function earlierDose(context: TickContext, channels: Channels, s: number): number {
  const { history } = context.work.shape;
  const ticks = Math.min(32, history, context.work.ticks(context.rules.decision.openWindowMinutes));
  let dose = 0;
  for (let i = 0; i < ticks; i++) {
    if (!(((channels.columns.hotLow[s] as number) >>> i) & 1)) continue;
    const increment = channels.columns.increments[s * history + slotOf(context.tick - i, history)] as number;
    dose += doseOf(context, channels, s, Math.min(increment, channels.columns.lasting[s] as number));
  }
  return dose;
}

/** Names of the circumstances, the reason first. */
export function notesOf(context: TickContext, record: EpisodeRecord, channels: Channels, s: number): string[] {
  const { columns } = channels;
  const { network, rules } = context;
  const notes = [record.reason];
  const corroborated = isSurrounded({ columns, rules }, s) && (network.remoteness[s] as number) <= 1;
  if (!corroborated) notes.push("uncorroborated");
  if (ageMinutes(context, channels, s) < rules.coldStart.learningDays * DAY_MINUTES) notes.push("learning");
  if (columns.regional[s]) notes.push("regional-zone");
  return notes;
}

/** Minutes since the channel's first value. */
export function ageMinutes(context: TickContext, channels: Channels, s: number): number {
  return minutesOf(context, context.tick - (channels.columns.firstTick[s] as number));
}

/** Its channels may learn again. */
export function release(context: TickContext, record: EpisodeRecord): void {
  eachMember(context, record, (columns, s) => {
    columns.inEpisode[s] = 0;
  });
}

function eachMember(
  { network }: TickContext,
  { members }: EpisodeRecord,
  act: (columns: ChannelColumns, s: number) => void,
): void {
  for (const { station, property } of members) {
    const s = network.indexOf.get(station);
    const channels = network.channels.find((c) => c.property === property);
    if (s !== undefined && channels) act(channels.columns, s);
  }
}
