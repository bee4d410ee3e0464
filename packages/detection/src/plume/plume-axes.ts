const RADIANS = Math.PI / 180;

/** Where a receptor lies seen from a source, in the wind's axes: metres downwind and metres across (to the left when
 *  looking downwind is positive). `windFrom` in degrees from north. */
export function plumeAxes(east: number, north: number, windFrom: number): { along: number; across: number } {
  const sin = Math.sin(windFrom * RADIANS);
  const cos = Math.cos(windFrom * RADIANS);
  return { along: -(east * sin + north * cos), across: east * cos - north * sin };
}
