import type { Session, SessionStore } from "@hotgrid/store";
import type { FastifyReply, FastifyRequest } from "fastify";

export interface ActiveSession extends Session {
  /** The cookie's value: a secret. */
  readonly token: string;
}

/** The session's token in a cookie that no script can read and that no other site's request carries. */
export class SessionCookie {
  readonly #sessions: SessionStore;
  readonly #secure: boolean;
  readonly #name: string;

  /** @param secure where browsers reach us by TLS: the __Host- prefix then keeps sibling hosts from planting one
   *  (RFC 6265bis, 4.1.3.2). */
  constructor(sessions: SessionStore, secure: boolean) {
    this.#sessions = sessions;
    this.#secure = secure;
    this.#name = secure ? "__Host-hotgrid-session" : "hotgrid-session";
  }

  /** Null without a session, and for one that is forged, expired or revoked. */
  async session(request: FastifyRequest): Promise<ActiveSession | null> {
    const token = request.cookies[this.#name];
    const session = token === undefined ? undefined : await this.#sessions.find(token);
    return token === undefined || session === undefined ? null : { ...session, token };
  }

  /** A new token at every login and with every step of it; what the browser had before is void, so that a planted one
   *  is worth nothing. */
  async begin(
    request: FastifyRequest,
    reply: FastifyReply,
    accountId: string,
    how: Pick<Session, "stage" | "origin">,
  ): Promise<void> {
    const before = request.cookies[this.#name];
    if (before !== undefined) await this.#sessions.revoke(before);
    const { token, expiresAt } = await this.#sessions.create(accountId, how);
    reply.setCookie(this.#name, token, { ...this.#attributes(), expires: new Date(expiresAt) });
  }

  /** @param address from which the account asks for it. */
  async end(session: ActiveSession, address: string, reply: FastifyReply): Promise<void> {
    await this.#sessions.logOut(session.token, session.account, address);
    reply.clearCookie(this.#name, this.#attributes());
  }

  #attributes() {
    return { path: "/", httpOnly: true, sameSite: "strict", secure: this.#secure } as const;
  }
}
