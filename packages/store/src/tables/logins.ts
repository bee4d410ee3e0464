/** Tables of migrations 012 and 013. Times are epoch ms UTC. */
export interface LoginTables {
  account_totp: AccountTotpTable;
  account_recovery_codes: AccountRecoveryCodesTable;
  single_sign_ons: SingleSignOnsTable;
  push_subscriptions: PushSubscriptionsTable;
}

export interface AccountTotpTable {
  account_id: string;
  /** Sealed (totp-key.ts), since it has to be readable to check a code. */
  secret: string;
  created_at: number;
  /** null: shown, but no code was given yet. */
  confirmed_at: number | null;
  /** Of the last code that was taken: it and those before it are used up. */
  last_step: number;
  /** Wrong codes in a row. */
  failed: number;
  locked_until: number | null;
}

/** What is left; a used one is gone. */
interface AccountRecoveryCodesTable {
  account_id: string;
  /** SHA-256 of the code, hex: 80 random bits need no salt. */
  code_hash: string;
}

/** Logins that are at the provider at the moment. */
interface SingleSignOnsTable {
  /** SHA-256 of the browser's cookie, hex. */
  id_hash: string;
  state: string;
  nonce: string;
  /** PKCE's code verifier. */
  verifier: string;
  /** Path of our page that asked. */
  return_to: string;
  expires_at: number;
}

interface PushSubscriptionsTable {
  id: string;
  account_id: string;
  endpoint: string;
  /** Of the browser, base64url: public key and shared secret (RFC 8291). */
  p256dh: string;
  auth: string;
  language: "zh" | "en";
  created_at: number;
  /** As the browser says; null: it doesn't. */
  expires_at: number | null;
}
