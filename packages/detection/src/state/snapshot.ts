import type { Columns } from "./columns.ts";
import type { Network } from "./network.ts";

/** Raised whenever a column or a record changes its meaning: an older snapshot is set aside and history replayed. */
const SNAPSHOT_FORMAT = 5;
const MAGIC = "HGDS";
/** A station further from where it was starts anew: its offsets belong to the old place. m, ours. */
const MOVED_METRES = 100;

export interface SnapshotHeader {
  readonly format: number;
  readonly ruleVersion: string;
  readonly tickMs: number;
  readonly stations: readonly (readonly [id: string, lon: number, lat: number])[];
  readonly properties: readonly string[];
  /** Everything beside the columns; plain JSON. */
  readonly rest: unknown;
}

type Group = readonly [name: string, columns: Columns];
const groupsOf = (network: Network): Group[] => [
  ["stations", network.columns],
  ...network.channels.map((c): Group => [c.property, c.columns]),
];

/** Header as JSON, then every column of every group as it lies in memory (little endian). */
export function writeSnapshot(
  network: Network,
  input: Pick<SnapshotHeader, "ruleVersion" | "tickMs" | "rest">,
): Uint8Array {
  const header: SnapshotHeader = {
    format: SNAPSHOT_FORMAT,
    ...input,
    stations: network.stations.map((s) => [s.id, s.lon, s.lat] as const),
    properties: network.channels.map((c) => c.property),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const columns = groupsOf(network).flatMap(([, group]) => Object.values(group));
  const bytes = new Uint8Array(8 + text.length + columns.reduce((sum, c) => sum + c.byteLength, 0));
  bytes.set(new TextEncoder().encode(MAGIC), 0);
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const column of columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return bytes;
}

/** Reads the header. Throws an Error that says why where the bytes are no snapshot of this format. */
export function readHeader(bytes: Uint8Array): { header: SnapshotHeader; columnsAt: number } {
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== MAGIC)
    throw new Error("not a detector snapshot");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  if (8 + length > bytes.length) throw new Error("snapshot is cut off in its header");
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as SnapshotHeader;
  if (header.format !== SNAPSHOT_FORMAT)
    throw new Error(`snapshot has format ${header.format}, expected ${SNAPSHOT_FORMAT}`);
  return { header, columnsAt: 8 + length };
}

/** Copies the rows of stations that are still there and haven't moved; the others stay fresh. Returns the ids of the
 *  stations that start anew. Throws where the length doesn't fit. */
export function readColumns(bytes: Uint8Array, columnsAt: number, header: SnapshotHeader, network: Network): string[] {
  const before = new Map(header.stations.map(([id], i) => [id, i]));
  const rows = network.stations.map((station) => {
    const i = before.get(station.id);
    const old = i === undefined ? undefined : header.stations[i];
    if (i === undefined || !old) return -1;
    const { plane } = network;
    const moved = Math.hypot(plane.x(old[1]) - plane.x(station.lon), plane.y(old[2]) - plane.y(station.lat));
    return moved > MOVED_METRES ? -1 : i;
  });
  const groups = new Map(groupsOf(network));
  const template: (readonly [string, Columns | undefined])[] = [
    ["stations", network.columns] as const,
    ...header.properties.map((p) => [p, groups.get(p)] as const),
  ];
  const shapeOfChannel = network.channels[0]?.columns;
  let at = columnsAt;
  for (const [, columns] of template) {
    for (const [name, like] of Object.entries(columns ?? shapeOfChannel ?? {})) {
      const width = like.length / Math.max(1, network.stations.length);
      const length = width * header.stations.length * like.BYTES_PER_ELEMENT;
      if (at + length > bytes.length) throw new Error(`snapshot is cut off in column ${name}`);
      const target = columns?.[name];
      if (target) copyRows(bytes, at, target, rows, width);
      at += length;
    }
  }
  if (at !== bytes.length) throw new Error("snapshot is longer than its header says");
  return network.stations.filter((_, s) => rows[s] === -1).map((s) => s.id);
}

function copyRows(
  bytes: Uint8Array,
  at: number,
  target: Columns[string],
  rows: readonly number[],
  width: number,
): void {
  const size = width * target.BYTES_PER_ELEMENT;
  const into = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  for (const [to, from] of rows.entries()) {
    if (from >= 0) into.set(bytes.subarray(at + from * size, at + (from + 1) * size), to * size);
  }
}
