import { randomUUID } from "node:crypto";
import { Unavailable } from "@hotgrid/runtime";
import type { JetStreamClient, JetStreamManager, JetStreamPublishOptions } from "@nats-io/jetstream";
import { type Appended, type Entry, Fenced, type Writer } from "../port.ts";
import { claimOf, signed, writerOf } from "./claim-mark.ts";
import { idOf } from "./message-id.ts";
import type { Nats } from "./nats-connection.ts";
import type { SilentLeaders } from "./silent-leaders.ts";
import { isOvertaken, stored } from "./write-answers.ts";

interface Claimed {
  readonly nats: Nats;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly leaders: SilentLeaders;
  readonly stream: string;
  readonly subject: string;
  /** Longest time until an acknowledgement, ms. */
  readonly timeoutMs: number;
}

/** Claims a subject by a message of its own: every writer says after which message of the subject its own one comes
 *  (Nats-Expected-Last-Subject-Sequence), and the server refuses whoever has not seen the claim. Each has an id, as every
 *  message of a stream that remembers ids, see message-id.ts. */
export async function claimSubject(claimed: Claimed): Promise<Writer> {
  const { nats, stream, timeoutMs } = claimed;
  const writer = randomUUID();
  const claim = { headers: claimOf(writer), msgID: idOf(undefined), timeout: timeoutMs };
  const { seq } = await nats.ask(`claiming ${stream}`, () => publish(claimed, new Uint8Array(), claim));
  return new SubjectWriter(claimed, writer, seq);
}

const publish = (
  { client, leaders, stream, subject }: Claimed,
  data: Uint8Array,
  options: Partial<JetStreamPublishOptions>,
) => leaders.watch(stream, () => client.publish(subject, data, options));

class SubjectWriter implements Writer {
  readonly #claimed: Claimed;
  readonly #writer: string;
  /** Last message of the subject; undefined after an append whose answer was lost: it may be there or not. */
  #last: number | undefined;

  constructor(claimed: Claimed, writer: string, last: number) {
    this.#claimed = claimed;
    this.#writer = writer;
    this.#last = last;
  }

  async append(entries: readonly Omit<Entry, "subject">[]): Promise<readonly Appended[]> {
    const appended: Appended[] = [];
    for (const entry of entries) appended.push(await this.#appendOne(entry));
    return appended;
  }

  async check(): Promise<void> {
    await this.#lookAgain();
  }

  async #appendOne({ data, messageId }: Omit<Entry, "subject">): Promise<Appended> {
    const { nats, stream, subject, timeoutMs } = this.#claimed;
    const expect = { lastSubjectSequence: this.#last ?? (await this.#claimAgain()) };
    const options = { expect, headers: signed(this.#writer), msgID: idOf(messageId), timeout: timeoutMs };
    this.#last = undefined;
    const { seq, duplicate } = await nats.ask(`appending to ${stream}`, async () => {
      try {
        return stored(await publish(this.#claimed, data, options));
      } catch (cause) {
        if (isOvertaken(cause)) throw new Fenced(subject, { cause });
        throw cause;
      }
    });
    this.#last = duplicate ? expect.lastSubjectSequence : seq;
    return { seq, duplicate };
  }

  /** After an append whose answer was lost. It may stand in the log of a cluster's new leader and not be applied yet, so
   *  that neither its position nor its message id is known there, and the same entry would be taken again. A claim of
   *  our own comes behind it: once that is acknowledged, all before it is known. */
  async #claimAgain(): Promise<number> {
    const { nats, stream, subject, timeoutMs } = this.#claimed;
    const expect = { lastSubjectSequence: await this.#lookAgain() };
    const options = { expect, headers: claimOf(this.#writer), msgID: idOf(undefined), timeout: timeoutMs };
    const { seq } = await nats.ask(`claiming ${stream} again`, async () => {
      try {
        return await publish(this.#claimed, new Uint8Array(), options);
      } catch (cause) {
        // Overtaken, most likely by the append in doubt: the next try sees by whom.
        if (isOvertaken(cause)) throw new Unavailable(`${subject} has moved on`, { cause });
        throw cause;
      }
    });
    return seq;
  }

  /** Position of the subject's last message, which must be of this writer. */
  async #lookAgain(): Promise<number> {
    const { nats, manager, stream, subject } = this.#claimed;
    const find = () => manager.streams.getMessage(stream, { last_by_subj: subject });
    const message = await nats.ask(`reading ${stream}`, find);
    if (!message || writerOf(message.header) !== this.#writer) throw new Fenced(subject);
    return message.seq;
  }
}
