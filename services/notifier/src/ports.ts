import { Rejected } from "@hotgrid/runtime";
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

/** Somewhere that messages go. */
export interface Receiver extends ReceiverFacts {
  /** Messages to one address within a time; null: as the rules say. */
  readonly limit: { readonly messages: number; readonly perMinutes: number } | null;
  /** Resolves with what the other side said, once it has taken the message. Throws Rejected where it will never take
   *  it, Unavailable where it may later. No error shows a secret. */
  send(message: OutboundMessage, database: Kysely<Database>): Promise<string>;
  close(): void;
}
