/** Table of migration 010: EvidencePhoto by its columns. */
export interface EvidenceTables {
  evidence: EvidenceTable;
}

export interface EvidenceTable {
  id: string;
  ticket_id: string;
  /** Epoch ms UTC. */
  at: number;
  account_id: string;
  account_name: string;
  width: number;
  height: number;
  bytes: number;
  sha256: string;
  original_sha256: string;
  taken_at: string | null;
  lon: number | null;
  lat: number | null;
}
