/** Evidence for a source that was on and off in stretches, against one that was never on. `gains` holds the
 *  log-likelihood ratio of "on" for each stretch of time, oldest first; `stay` is the probability to be in the next
 *  stretch what it was in this one, and on and off are equally likely at first. Two-state hidden Markov model, forward
 *  recursion. Natural logarithm. */
export function emissionEvidence(gains: Float64Array, from: number, to: number, stay: number): number {
  let [on, off, scale] = [0.5, 0.5, 0];
  for (let i = from; i <= to; i++) {
    const nowOff = off * stay + on * (1 - stay);
    const gain = gains[i] as number;
    on = (on * stay + off * (1 - stay)) * Math.exp(Math.min(gain, MOST));
    off = nowOff;
    const sum = on + off;
    on /= sum;
    off /= sum;
    scale += Math.log(sum);
  }
  return scale;
}

/** Beyond it, exp() is of no more use. */
const MOST = 500;
