import type { Socket } from "node:net";
import type { Station } from "@hotgrid/contracts";
import type { Client } from "aedes";
import type { FrameGuard } from "./core/frame-guard.ts";
import type { RefusalReason } from "./gateway-counters.ts";
import { Pubacks } from "./pubacks.ts";

/** Why a connection ended, as the STATIONS log says it. */
export type EndReason =
  | RefusalReason
  | "disconnect"
  | "keepalive-timeout"
  | "connection-lost"
  | "taken-over"
  | "gateway-stopping";

/** One connection, from accept to end. */
export class StationSession {
  readonly socket: Socket;
  readonly pubacks: Pubacks;
  /** Known once the broker has taken the connection. */
  client: Client | undefined;
  /** Known once its credentials were accepted. */
  station: Station | undefined;
  /** Hash of the secret that it came in with. */
  secretHash: string | undefined;
  /** It is counted and its station is online. */
  ready = false;
  guard: FrameGuard | undefined;
  /** Topic and size of the will that came with the CONNECT. */
  will: { readonly topic: string; readonly payloadBytes: number } | undefined;
  /** Lets go of the bytes of the CONNECT, which the parser would keep as long as the connection lives. */
  forgetPassword: (() => void) | undefined;
  /** Resolved once the rest of a PUBLISH over the limit has passed. */
  oversizeEnded: PromiseWithResolvers<void> | undefined;
  #endReason: EndReason | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    this.pubacks = new Pubacks(socket);
  }

  get address(): string {
    return this.socket.remoteAddress ?? "";
  }

  /** The first reason is the true one; what follows is its consequence. False where there was one. */
  end(reason: EndReason): boolean {
    if (this.#endReason) return false;
    this.#endReason = reason;
    return true;
  }

  get ended(): boolean {
    return this.#endReason !== undefined;
  }

  get endReason(): EndReason {
    return this.#endReason ?? (this.guard?.saidGoodbye ? "disconnect" : "connection-lost");
  }
}
