import type { Socket } from "node:net";
import { pubackBytes } from "./core/puback-bytes.ts";

/** PUBACKs of one connection. What becomes durable together is acknowledged by one write, where the broker's own writer
 *  makes three chunks, a tick and an immediate of each. */
export class Pubacks {
  readonly #socket: Socket;
  #messageIds: number[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** False where the station does not read what it was sent: the broker's own writer waits for it then. */
  get ready(): boolean {
    return !this.#socket.writableNeedDrain;
  }

  add(messageId: number): void {
    if (this.#messageIds.length === 0) queueMicrotask(() => this.#write());
    this.#messageIds.push(messageId);
  }

  #write(): void {
    const messageIds = this.#messageIds;
    this.#messageIds = [];
    if (!this.#socket.destroyed) this.#socket.write(pubackBytes(messageIds));
  }
}
