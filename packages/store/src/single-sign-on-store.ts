import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import type { Database } from "./database.ts";

/** What a login at the provider has to come back with. */
export interface PendingSignOn {
  readonly state: string;
  readonly nonce: string;
  /** PKCE's code verifier. */
  readonly verifier: string;
  /** Path of our page that asked. */
  readonly returnTo: string;
}

const ID_BYTES = 32;
const ID_FORM = /^[A-Za-z0-9_-]{43}$/;
/** What a person may take at the provider's page, ms. Ours. */
const PATIENCE_MS = 10 * 60_000;

/** Logins that are at the single sign-on's provider: each comes back once, to the browser that began it. */
export class SingleSignOnStore {
  readonly #db: Kysely<Database>;
  readonly #clock: Clock;

  constructor(db: Kysely<Database>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** @returns what the browser has to show again: a secret. */
  async begin({ state, nonce, verifier, returnTo }: PendingSignOn): Promise<string> {
    const id = randomBytes(ID_BYTES).toString("base64url");
    const now = this.#clock.now();
    await this.#db.deleteFrom("single_sign_ons").where("expires_at", "<=", now).execute();
    await this.#db
      .insertInto("single_sign_ons")
      .values({ id_hash: digest(id), state, nonce, verifier, return_to: returnTo, expires_at: now + PATIENCE_MS })
      .execute();
    return id;
  }

  /** Once; undefined where it was never begun, was taken already or took too long. */
  async take(id: string): Promise<PendingSignOn | undefined> {
    if (!ID_FORM.test(id)) return undefined;
    const row = await this.#db
      .deleteFrom("single_sign_ons")
      .where("id_hash", "=", digest(id))
      .returningAll()
      .executeTakeFirst();
    if (row === undefined || row.expires_at <= this.#clock.now()) return undefined;
    return { state: row.state, nonce: row.nonce, verifier: row.verifier, returnTo: row.return_to };
  }
}

const digest = (id: string): string => createHash("sha256").update(id).digest("hex");
