/** Reproducible random numbers: xoshiro128** (Blackman and Vigna 2018, public domain), its state filled by splitmix32
 *  from a hash of the seed and of the stream's name, so that one process's draws never shift another's. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare: number | null = null;

  constructor(seed: number, stream: string) {
    let state = hash(`${seed}/${stream}`);
    const fill = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    };
    this.#a = fill();
    this.#b = fill();
    this.#c = fill();
    this.#d = fill() | 1;
  }

  /** Uniform in [0, 1), 32 bits. */
  uniform(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result / 0x1_0000_0000;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}

/** A stationary Ornstein-Uhlenbeck process, stepped exactly each minute: mean 0, standard deviation `sigma` (its
 *  unit), correlation falling to 1/e within `tauMinutes`. */
export class SlowNoise {
  value: number;
  readonly #random: Random;
  readonly #keep: number;
  readonly #kick: number;

  constructor(random: Random, sigma: number, tauMinutes: number) {
    this.#random = random;
    this.#keep = Math.exp(-1 / tauMinutes);
    this.#kick = sigma * Math.sqrt(1 - this.#keep ** 2);
    this.value = sigma * random.normal();
  }

  step(): number {
    this.value = this.value * this.#keep + this.#kick * this.#random.normal();
    return this.value;
  }
}
