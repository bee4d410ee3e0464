import type { Assignment, DeadLetterReason, ObservedProperty, QcFlag, Role, StationKind } from "@hotgrid/contracts";
import type { Generated } from "kysely";

/** Tables of migration 001. Times are epoch ms UTC. */
export interface PeopleAndStationTables {
  stations: StationsTable;
  station_status: StationStatusTable;
  station_flags: StationFlagsTable;
  station_unknown_properties: StationUnknownPropertiesTable;
  officers: OfficersTable;
  assignments: AssignmentsTable;
  accounts: AccountsTable;
  sessions: SessionsTable;
  dead_letters: DeadLettersTable;
  meta: MetaTable;
}

export interface StationsTable {
  id: string;
  name: string;
  kind: StationKind;
  /** WGS-84 degrees. */
  lon: number;
  lat: number;
  division: string;
  /** JSON array of observed properties. */
  properties: string;
  interval_seconds: number;
  /** Of the MQTT password; null: none was issued yet, the station can't connect. */
  secret_hash: string | null;
  retired_at: number | null;
}

export interface StationStatusTable {
  station_id: string;
  state: "online" | "offline";
  at: number;
  reason: string;
}

export interface StationFlagsTable {
  station_id: string;
  observed_property: ObservedProperty;
  flag: QcFlag;
  /** JSON array of the names of the tests that set it. */
  tests: string;
  at: number;
}

export interface StationUnknownPropertiesTable {
  station_id: string;
  property: string;
  at: number;
}

export interface OfficersTable {
  id: string;
  name: string;
  phone: string;
}

/** Never deleted, only ended: who was responsible last spring stays known. */
export interface AssignmentsTable {
  officer_id: string;
  division: string;
  role: Assignment["role"];
  /** Inclusive. */
  term_from: number;
  /** Exclusive, null: open-ended. */
  term_to: number | null;
}

export interface AccountsTable {
  id: string;
  name: string;
  role: Role;
  division: string;
  officer_id: string | null;
  password_hash: string;
  created_at: number;
  disabled_at: number | null;
  /** Wrong passwords in a row. */
  failed_logins: Generated<number>;
  locked_until: number | null;
  /** "oidc": made by a rule of the single sign-on, which keeps its rights up to date; null: by a person. */
  provisioned_by: "oidc" | null;
}

export interface SessionsTable {
  /** SHA-256 of the token, hex: who reads the database can't act as anybody. */
  token_hash: string;
  account_id: string;
  created_at: number;
  expires_at: number;
  last_seen_at: number;
  /** How far the login has come: before "full" nothing is open but the next step. */
  stage: Generated<SessionStage>;
  origin: Generated<"password" | "oidc">;
}

export type SessionStage = "second-factor" | "enrolment" | "full";

export interface DeadLettersTable {
  id: string;
  at: number;
  reason: DeadLetterReason;
  message_zh: string;
  message_en: string;
  field: string;
  source_kind: string;
  source_station_id: string | null;
  source_subject: string;
  /** Base64. */
  raw: string;
  raw_bytes: number;
}

export interface MetaTable {
  key: string;
  value: string;
}
