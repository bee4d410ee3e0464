/** Evidence for a source that was on and off in stretches, against one that was never on. `gains` holds the
 *  log-likelihood ratio of "on" for each stretch of time, oldest first; `stay` is the probability to be in the next
 *  stretch what it was in this one, and on and off are equally likely at first. Two-state hidden Markov model, forward
 *  recursion. Natural logarithm. */
export function emissionEvidence(gains: Float64Array, from: number, to: number, stay: number): number {
  let [on, off, scale, product] = [0.5, 0.5, 0, 1];
  for (let i = from; i <= to; i++) {
    const nowOff = off * stay + on * (1 - stay);
    const gain = gains[i] as number;
    const nowOn = on * stay + off * (1 - stay);
    on = gain === 0 ? nowOn : nowOn * Math.exp(Math.min(gain, MOST));
    off = nowOff;
    const sum = on + off;
    on /= sum;
    off /= sum;
    // A logarithm of the product costs less than one of each factor.
    product *= sum;
    if (product > LARGE || product < 1 / LARGE) {
      scale += Math.log(product);
      product = 1;
    }
  }
  return scale + Math.log(product);
}

/** Beyond it, exp() is of no more use. */
const MOST = 500;
/** Far from the largest number, by more than a factor of e^MOST. */
const LARGE = 1e80;
