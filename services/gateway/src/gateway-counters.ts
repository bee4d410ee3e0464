import { DEAD_LETTER_REASONS, type DeadLetterReason } from "@hotgrid/contracts";
import { Counter, Gauge, type Registry } from "prom-client";

/** Why a connection was refused or ended, or a publish not taken. Stable names: they are metric labels. */
const REFUSAL_REASONS = [
  "mqtt-5",
  "not-mqtt",
  "protocol-error",
  "packet-too-large",
  "payload-too-large",
  "handshake-timeout",
  "max-connections",
  "connect-rate",
  "identifier-mismatch",
  "unknown-station",
  "no-secret",
  "bad-password",
  "bad-password-rate",
  "credentials-changed",
  "foreign-will",
  "foreign-publish",
  "foreign-subscription",
  "log-unavailable",
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export interface GatewayCounters {
  /** Open and authenticated now. */
  readonly connections: number;
  readonly connected: number;
  /** Publishes that came, of any topic. */
  readonly published: number;
  /** Publishes that are durable and were answered (QoS 0: would have been). */
  readonly acknowledged: number;
  readonly readingsAccepted: number;
  /** Publishes held back because their station was beyond its rate. */
  readonly heldBack: number;
  readonly deadLettered: Readonly<Partial<Record<DeadLetterReason, number>>>;
  readonly refused: Readonly<Partial<Record<RefusalReason, number>>>;
}

/** Counts since the start. */
export class Counts {
  connections = 0;
  connected = 0;
  published = 0;
  acknowledged = 0;
  readingsAccepted = 0;
  heldBack = 0;
  readonly deadLettered: Partial<Record<DeadLetterReason, number>> = {};
  readonly refused: Partial<Record<RefusalReason, number>> = {};

  deadLetter(reason: DeadLetterReason): void {
    this.deadLettered[reason] = (this.deadLettered[reason] ?? 0) + 1;
  }
  refuse(reason: RefusalReason): void {
    this.refused[reason] = (this.refused[reason] ?? 0) + 1;
  }
  snapshot(): GatewayCounters {
    return { ...this, deadLettered: { ...this.deadLettered }, refused: { ...this.refused } };
  }
}

/** Shows the counts as metrics; they are read when the metrics are. */
export function registerMetrics(registry: Registry, counts: Counts): void {
  const registers = [registry];
  new Gauge({
    name: "hotgrid_gateway_connections",
    help: "Stations connected now",
    registers,
    collect() {
      this.set(counts.connections);
    },
  });
  const totals = ["connected", "published", "acknowledged", "readingsAccepted", "heldBack"] as const;
  for (const name of totals) {
    const snake = name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
    new Counter({
      name: `hotgrid_gateway_${snake}_total`,
      help: `Counted as ${name} since the start`,
      registers,
      collect() {
        this.reset();
        this.inc(counts[name]);
      },
    });
  }
  const byReason = [
    ["deadLettered", "hotgrid_gateway_dead_lettered_total", "Messages and readings dead-lettered", DEAD_LETTER_REASONS],
    ["refused", "hotgrid_gateway_refused_total", "Connections refused or ended", REFUSAL_REASONS],
  ] as const;
  for (const [key, name, help, reasons] of byReason) {
    new Counter({
      ...{ name, help, labelNames: ["reason"], registers },
      collect() {
        this.reset();
        // Also those that have not been: rate() and increase() do not see a series' first value.
        const counted: Readonly<Partial<Record<string, number>>> = counts[key];
        for (const reason of reasons) this.inc({ reason }, counted[reason] ?? 0);
      },
    });
  }
}
