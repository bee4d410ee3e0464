import { random } from "@hotgrid/detection/testing";

/** What can go wrong. kill: SIGKILL, and started again; lost: the same for long; restart: SIGTERM, and started again;
 *  freeze: SIGSTOP, SIGCONT; disk-full: no byte left on the member's disk; cut: packets from one side to the other are
 *  dropped; lossy: one in three of them is, and comes late, behind others; clock: a station's clock is wrong; burst: stations send ten times as much; refuse: the receiver of
 *  notifications answers 503. */
export const FAULT_KINDS = [
  "kill",
  "lost",
  "restart",
  "freeze",
  "disk-full",
  "cut",
  "lossy",
  "clock",
  "burst",
  "refuse",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** A member of the topology; "holder": the detector that has the city then; "FROM>TO" of a cut; how a clock is wrong. */
  readonly target: string;
  /** After the begin of the run, and how long, ms of the wall. */
  readonly atMs: number;
  readonly forMs: number;
}

/** One line of the catalogue: what may be drawn, and how long it lasts, ms. Ours: long enough that every retry, timeout
 *  and lease that is meant to help is reached, short enough for many runs. */
interface Possible {
  readonly kind: FaultKind;
  readonly targets: readonly string[];
  readonly forMs: readonly [shortest: number, longest: number];
  /** How many times as often as others it is drawn; 1 unless given. */
  readonly weight?: number;
}

const NODES = ["nats-1", "nats-2", "nats-3"];
const SERVERS = [...NODES, "influx", "postgres"];
export const RECORDERS = ["recorder-1", "recorder-2"];
const GATEWAYS = ["gateway-1", "gateway-2"];
const SERVICES = [
  ...["console", "notifier", "dispatcher", "detector-1", "detector-2", "holder"],
  ...[...RECORDERS, ...GATEWAYS],
];
const TO_NATS = SERVICES.filter((name) => name !== "console").map((name) => `${name}>nats`);
const TO_TABLES = ["dispatcher", "notifier", ...RECORDERS].map((name) => `${name}>postgres`);

const CATALOGUE: readonly Possible[] = [
  { kind: "kill", targets: [...SERVICES, ...SERVERS], forMs: [0, 1500], weight: 4 },
  {
    kind: "kill",
    targets: ["dispatcher", "notifier", "holder", ...RECORDERS, ...GATEWAYS],
    forMs: [0, 3000],
    weight: 3,
  },
  { kind: "kill", targets: ["all of nats"], forMs: [500, 2000] },
  { kind: "lost", targets: SERVERS, forMs: [4000, 9000], weight: 3 },
  { kind: "restart", targets: [...SERVICES, ...SERVERS], forMs: [0, 1000], weight: 2 },
  { kind: "freeze", targets: [...SERVICES, ...SERVERS], forMs: [500, 5000], weight: 2 },
  // Longer than its lease of 9 s: another instance has the city when it wakes.
  { kind: "freeze", targets: ["holder"], forMs: [11_000, 13_000] },
  { kind: "disk-full", targets: SERVERS, forMs: [2000, 5000], weight: 2 },
  { kind: "cut", targets: TO_NATS, forMs: [2000, 8000], weight: 2 },
  { kind: "cut", targets: [...TO_TABLES, ...RECORDERS.map((name) => `${name}>influx`)], forMs: [2000, 6000] },
  { kind: "cut", targets: NODES.map((name) => `${name}>nats`), forMs: [2000, 8000] },
  { kind: "cut", targets: GATEWAYS.map((name) => `stations>${name}`), forMs: [2000, 6000] },
  { kind: "cut", targets: ["holder>nats"], forMs: [11_000, 13_000] },
  { kind: "lossy", targets: [...TO_NATS, ...TO_TABLES, ...NODES.map((name) => `${name}>nats`)], forMs: [3000, 9000] },
  { kind: "lossy", targets: GATEWAYS.map((name) => `stations>${name}`), forMs: [3000, 9000] },
  { kind: "clock", targets: ["fast", "slow", "future"], forMs: [3000, 8000] },
  { kind: "burst", targets: ["stations"], forMs: [2000, 5000] },
  { kind: "refuse", targets: ["receiver"], forMs: [1000, 5000] },
];

export interface Plan {
  readonly seed: number;
  /** Kinds that this machine can do. */
  readonly kinds: ReadonlySet<FaultKind>;
  /** Factor of every duration: 1, or more for outages of minutes. */
  readonly stretch: number;
  /** In which faults begin, ms. */
  readonly windowMs: number;
}

/** Faults of one run at least and at most. Ours. */
const [FEWEST, MOST] = [3, 6];

/** The faults of a run, by their begin; the same for the same seed. They overlap, but no member has two at once. */
export function planFaults({ seed, kinds, stretch, windowMs }: Plan): readonly Fault[] {
  // Neighbouring seeds begin alike: spread them over the generator's (2^32 by the golden ratio, Knuth).
  const next = random(Math.imul(seed, 0x9e3779b1));
  const between = (from: number, to: number) => Math.round(from + next() * (to - from));
  const possible = CATALOGUE.filter(({ kind }) => kinds.has(kind)).flatMap((one) =>
    Array.from({ length: one.weight ?? 1 }, () => one),
  );
  const count = between(FEWEST, MOST);
  const faults: Fault[] = [];
  for (let tries = 0; faults.length < count && tries < 100; tries++) {
    const drawn = possible[between(0, possible.length - 1)];
    const target = drawn?.targets[between(0, drawn.targets.length - 1)];
    const [at, length] = [between(0, windowMs), drawn ? between(...drawn.forMs) : 0];
    if (drawn === undefined || target === undefined) continue;
    const fault = { kind: drawn.kind, target, atMs: at, forMs: Math.round(length * stretch) };
    if (faults.some((other) => overlap(other, fault))) continue;
    faults.push(fault);
  }
  return faults.toSorted((a, b) => a.atMs - b.atMs);
}

/** Whether two faults would meet at one member: a killed one can't be frozen. */
function overlap(one: Fault, other: Fault): boolean {
  const [a, b] = [touched(one), touched(other)];
  return a.some((member) => b.includes(member));
}

/** Of a cut only its source: the other side goes on. */
function touched({ kind, target }: Fault): readonly string[] {
  // Who writes there is stopped while it is mended.
  if (kind === "disk-full" && target === "influx") return [target, ...RECORDERS];
  const [from = target] = target.split(">");
  if (target === "all of nats") return NODES;
  // One station's clock, which is wrong in one way at a time.
  if (["fast", "slow", "future"].includes(target)) return ["clock"];
  // It is one of the two, and nobody knows which.
  if (from === "holder") return ["holder", "detector-1", "detector-2"];
  return target.startsWith("stations>") ? [target] : [from];
}

/** For people: "kill nats-2 at 1.2 s for 0.4 s". */
export const describeFault = ({ kind, target, atMs, forMs }: Fault): string =>
  `${kind} ${target} at ${(atMs / 1000).toFixed(1)} s for ${(forMs / 1000).toFixed(1)} s`;
