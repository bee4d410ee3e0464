import type { AuditSubject } from "@hotgrid/contracts";

/** Tables of migration 006. */
export interface AuditTables {
  audit: AuditTable;
  audit_head: AuditHeadTable;
}

/** AuditRecord. Rows are added, never changed or removed. */
export interface AuditTable {
  seq: number;
  /** Epoch ms UTC. */
  at: number;
  account: string;
  address: string | null;
  subject: AuditSubject;
  subject_id: string;
  division: string | null;
  action: string;
  /** JSON object. */
  details: string;
  previous: string;
  hash: string;
}

/** One row: how many records there are, and the hash of the last. */
interface AuditHeadTable {
  id: number;
  count: number;
  hash: string;
}
