import type { QcFlag } from "@hotgrid/contracts";

export const PASS: QcFlag = 1;
export const NOT_EVALUATED: QcFlag = 2;
export const SUSPECT: QcFlag = 3;
export const FAIL: QcFlag = 4;
export const MISSING: QcFlag = 9;

/** Precedence 9 < 2 < 1 < 3 < 4 (IOOS QARTOD manual; ioos_qc's qartod_compare). Index is the flag. */
const RANK = [0, 2, 1, 3, 4, 0, 0, 0, 0, 0] as const;

/** The flag of a value that several tests looked at. MISSING for none. */
export const worse = (a: QcFlag, b: QcFlag): QcFlag => ((RANK[b] ?? 0) > (RANK[a] ?? 0) ? b : a);
export const aggregate = (flags: readonly QcFlag[]): QcFlag => flags.reduce(worse, MISSING);
