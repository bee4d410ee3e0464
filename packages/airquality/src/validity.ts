/** When a mean may be shown as one: GB 3095-2012 table 4, to which HJ 663-2013 (section 6) refers. */

/** Of an hour: 45 of its 60 minutes have to be measured. GB 3095-2012 table 4. */
const MEASURED_SHARE_OF_HOUR = 0.75;
/** Of a longer span, where its hours are averaged directly: a month of 30 days needs 27 daily means of 20 hours each
 *  (GB 3095-2012 table 4), which are 540 of its 720 hours. */
const VALID_SHARE_OF_HOURS = (27 * 20) / (30 * 24);
/** Of the points of an area that is shown as their mean: 75 %, or half of them where there are fewer than four.
 *  HJ 663-2013. */
const VALID_SHARE_OF_POINTS = 0.75;
const VALID_SHARE_OF_FEW_POINTS = 0.5;
const FEW_POINTS = 4;
const HOUR_S = 3600;

/** Readings that a valid hour of a station has at least, at one reading every `intervalSeconds`. */
export const readingsOfValidHour = (intervalSeconds: number): number =>
  Math.max(1, Math.ceil((HOUR_S / intervalSeconds) * MEASURED_SHARE_OF_HOUR));

/** Are so many valid hours enough for the mean of a span of `hours`? */
export const isSpanValid = (validHours: number, hours: number): boolean =>
  hours > 0 && validHours / hours >= VALID_SHARE_OF_HOURS;

/** Are so many points with a valid mean enough for the mean of an area of `points`? */
export const isAreaValid = (validPoints: number, points: number): boolean =>
  points > 0 && validPoints / points >= (points < FEW_POINTS ? VALID_SHARE_OF_FEW_POINTS : VALID_SHARE_OF_POINTS);
