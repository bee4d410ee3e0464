export interface Village2016 {
  readonly code2016: string;
  /** Nine digits of the town that it belongs to since 2023. */
  readonly town: string;
}

/** Statistics give communities (居委会) 001 to 199 and villages (村委会) 200 to 399: the class is kept. */
const CLASS_SIZE = 200;

/** A code must start with its parent's, but the public village codes are of 2016 and towns were merged since. A
 *  village of an unchanged town keeps its code; a moved one keeps its last three digits under the new town where they
 *  are free, otherwise it gets the next free number of its class.
 *  @returns new code by code of 2016 */
export function villageCodes(villages: readonly Village2016[]): Map<string, string> {
  const codes = new Map<string, string>();
  const taken = new Set<string>();
  const assign = (code2016: string, code: string): void => {
    codes.set(code2016, code);
    taken.add(code);
  };
  const sorted = villages.toSorted((a, b) => (a.code2016 < b.code2016 ? -1 : 1));
  for (const { code2016, town } of sorted) if (code2016.startsWith(town)) assign(code2016, code2016);
  for (const { code2016, town } of sorted)
    if (!code2016.startsWith(town)) assign(code2016, freeCode(town, Number(code2016.slice(9)), taken));
  return codes;
}

function freeCode(town: string, wanted: number, taken: ReadonlySet<string>): string {
  const first = Math.max(1, Math.floor(wanted / CLASS_SIZE) * CLASS_SIZE);
  const last = (Math.floor(wanted / CLASS_SIZE) + 1) * CLASS_SIZE - 1;
  for (const number of [wanted, ...Array.from({ length: last - first + 1 }, (_, index) => first + index)]) {
    const code = `${town}${String(number).padStart(3, "0")}`;
    if (!taken.has(code)) return code;
  }
  throw new RangeError(`no code is left under ${town} from ${first} to ${last}`);
}
