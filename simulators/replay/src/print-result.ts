import { type ResultFile, unaccounted } from "@hotgrid/fleet-simulator";
import type { Survey } from "./survey.ts";

const tally = <T>(items: readonly T[], key: (item: T) => string): string =>
  [...Map.groupBy(items, key)].map(([name, group]) => `${name} ${group.length}`).join(", ") || "-";

/** The table that a person reads. */
export function printResult({ counts, episodes, tickets }: ResultFile, recording: Survey, wallMs: number): string {
  const dead = Object.entries(counts.deadLettered).map(([reason, count]) => `${reason} ${count}`);
  const confirmed = episodes.filter((episode) => episode.confirmedAt !== null);
  const days = (recording.last - recording.first) / 86_400_000;
  const skipped = Object.entries(recording.problems).map(([reason, count]) => `${reason} ${count}`);
  const rows: [string, string | number][] = [
    ["站点 stations", recording.stations.length],
    ["时长 days of event time", days.toFixed(1)],
    ["无效行 rows without a reading", skipped.join(", ") || "-"],
    ["已发布 published", counts.published],
    ["已确认 acknowledged", counts.acknowledged],
    ["已存储 stored", counts.stored],
    ["重复 duplicate", counts.duplicate],
    ["死信 dead-lettered", dead.join(", ") || "0"],
    ["迟到 late (stored)", counts.late],
    ["对账差额 unaccounted", unaccounted(counts)],
    ["事件 episodes", tally(episodes, (episode) => episode.kind)],
    ["其中已确认 of them confirmed", tally(confirmed, (episode) => episode.kind)],
    ["工单 tickets", tally(tickets, (ticket) => ticket.kind)],
    ["用时 wall seconds", (wallMs / 1000).toFixed(1)],
    ["读数/秒 readings per second", Math.round(counts.published / (wallMs / 1000))],
  ];
  return `${rows.map(([name, value]) => `${name.padEnd(32)} ${value}`).join("\n")}\n`;
}
