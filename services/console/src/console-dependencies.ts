import type { Bus } from "@hotgrid/bus";
import type { DemoClockState, DemoFire, DivisionCode, Role } from "@hotgrid/contracts";
import type { Grid } from "@hotgrid/grid";
import type { Clock, Log, Readiness, Traces } from "@hotgrid/runtime";
import type { Database, EvidenceFiles, ReadingStore, StationDirectory } from "@hotgrid/store";
import type { Kysely } from "kysely";
import type { TotpKeyFile } from "./open-totp.ts";
import type { SingleSignOnConfig } from "./single-sign-on/read-single-sign-on.ts";

export interface ConsoleDependencies {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  readonly bus: Bus;
  readonly city: { readonly code: DivisionCode; readonly name: string /** ±HH:MM */; readonly utcOffset: string };
  readonly database: Kysely<Database>;
  readonly readings: ReadingStore;
  /** Of this process: what it can't work without. */
  readonly readiness: Readiness;
  /** The pictures of tickets. */
  readonly evidenceFiles: EvidenceFiles;
  readonly grid: Grid;
  readonly stations: StationDirectory;
  /** The city's clock: tickets, terms, "the last 24 hours". */
  readonly clock: Clock;
  /** Sessions and lockouts. The wall's clock unless given: a demo at 30 times the speed logs nobody out early. */
  readonly wall?: Clock;
  readonly mode: "demo" | "real";
  readonly demo: Demo | null;
  /** Folder of the built pages; null serves the API alone. */
  readonly webRoot: string | null;
  /** "{origin}/…/{z}/{x}/{y}…" of a tile server, shown under the grid. */
  readonly tileUrl?: string | null;
  /** Browsers reach us by TLS (a proxy ends it): cookies are marked secure, and HSTS is sent. */
  readonly secure?: boolean;
  /** Addresses of proxies whose X-Forwarded headers are believed, e.g. "127.0.0.1". None unless given. */
  readonly trustedProxies?: string;
  readonly totpKey: TotpKeyFile;
  /** Roles that may not log in without one-time codes. None unless given. */
  readonly requireTotp?: readonly Role[];
  /** A city's own login beside account and password. */
  readonly singleSignOn?: SingleSignOnConfig | null;
  /** Web Push to the officers' devices: our public key, and the push services to which messages go. */
  readonly webPush?: { readonly publicKey: string; readonly hosts: readonly string[] } | null;
  /** Told of each answer; the live stream's when it ends. */
  readonly onAnswer?: ((answer: Answered) => void) | undefined;
  /** Prometheus' text is served at /metrics where given; in production it has its own port instead. */
  readonly metrics?: MetricsSource;
  readonly limits?: Partial<ConsoleLimits>;
  readonly log: Log;
  /** Where spans go; nowhere unless given. */
  readonly traces?: Traces | undefined;
}

export interface Answered {
  /** Pattern of its address, "" where there is none. */
  readonly route: string;
  readonly status: number;
  /** From the request's head to the answer's end. */
  readonly seconds: number;
}

/** As prom-client's Registry. */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** What the demo's controls act on. */
export interface Demo {
  clock(): DemoClockState;
  setSpeed(speed: number): void;
  light(fire: DemoFire): void;
}

/** Ours, but for the alarm flood. */
export interface ConsoleLimits {
  /** Requests of one address a minute. */
  readonly requestsPerMinute: number;
  /** Logins tried from one address a minute. */
  readonly loginsPerMinute: number;
  /** Open streams of one account: the demo's operator may be logged in at many desks. */
  readonly streamsPerAccount: number;
  /** Between two heartbeats of a stream, ms of the wall: proxies cut connections that are silent for 30 to 60 s. Then it
   *  is noticed, too, that a session has ended. */
  readonly heartbeatMs: number;
  /** What the dispatcher may take for a command, ms of the wall. */
  readonly commandTimeoutMs: number;
  /** More new tickets than this in the time before now, ms of the city's clock, are a flood. Default: ANSI/ISA-18.2. */
  readonly alarmFlood: { readonly tickets: number; readonly windowMs: number };
}

export const DEFAULT_LIMITS: ConsoleLimits = {
  requestsPerMinute: 3000,
  loginsPerMinute: 30,
  streamsPerAccount: 50,
  heartbeatMs: 15_000,
  commandTimeoutMs: 5000,
  alarmFlood: { tickets: 10, windowMs: 600_000 },
};
