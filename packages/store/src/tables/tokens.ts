/** Table of migration 011. Times are epoch ms UTC. */
export interface TokenTables {
  api_tokens: ApiTokensTable;
}

interface ApiTokensTable {
  id: string;
  account_id: string;
  /** What it is for. */
  name: string;
  scope: "read" | "write";
  /** SHA-256 of the token, hex. */
  token_hash: string;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
}
