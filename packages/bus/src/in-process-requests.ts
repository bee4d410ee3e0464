import { Unavailable } from "@hotgrid/runtime";

type Answer = (data: Uint8Array) => Promise<Uint8Array>;

/** Request and answer within one process. */
export class InProcessRequests {
  readonly #answers = new Map<string, Answer>();

  async request(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const answer = this.#answers.get(subject);
    if (!answer) throw new Unavailable(`nobody answers ${subject}`);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Unavailable(`no answer from ${subject} in ${timeoutMs} ms`)),
      timeoutMs,
    );
    try {
      return await Promise.race([answer(data), late.promise]);
    } catch (cause) {
      throw cause instanceof Unavailable ? cause : new Unavailable(`${subject} failed to answer`, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  respond(subject: string, answer: Answer): () => void {
    if (this.#answers.has(subject)) throw new Error(`${subject} is answered already`);
    this.#answers.set(subject, answer);
    return () => {
      if (this.#answers.get(subject) === answer) this.#answers.delete(subject);
    };
  }
}
