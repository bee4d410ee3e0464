import { Rejected, Unavailable } from "@hotgrid/runtime";
import type { Database } from "@hotgrid/store";
import type { Kysely, Transaction } from "kysely";
import type { ReceiverFacts } from "./core/plan-items.ts";
import type { OutboundMessage } from "./core/render-message.ts";

/** One transaction of the database: what is read and written through it happens whole or not at all. */
export type Trx = Transaction<Database>;

/** There is nobody at the address any more, and nothing for anybody to correct. */
export class AddressGone extends Rejected {
  constructor(text: { readonly zh: string; readonly en: string }) {
    super("gone", text);
    this.name = "AddressGone";
  }
}

/** The message went out and nobody said whether it arrived: a time-out, a connection that broke. */
export class Unanswered extends Unavailable {
  constructor(message: string) {
    super(message);
    this.name = "Unanswered";
  }
}

/** Somewhere that messages go. */
export interface Receiver extends ReceiverFacts {
  /** Messages to one address within a time; null: as the rules say. */
  readonly limit: { readonly messages: number; readonly perMinutes: number } | null;
  /** The other side can tell by the id that it has a message already. A chat, a phone and a mailbox can't be relied on. */
  readonly knowsTwins: boolean;
  /** Resolves with what the other side said, once it has taken the message. Throws Rejected where it will never take
   *  it, Unavailable where it may later, of these Unanswered where it may have arrived. No error shows a secret. */
  send(message: OutboundMessage, database: Kysely<Database>): Promise<string>;
  close(): void;
}
