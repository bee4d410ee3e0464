/** A way from MQTT into InfluxDB that is under load. */
export interface Pipeline {
  /** Where stations connect, and their secrets by id; null where everybody is let in. */
  readonly mqttPort: number;
  readonly secrets: ReadonlyMap<string, string> | null;
  /** Of InfluxDB, and the database in it. Readings are the points of the measurement `raw`. */
  readonly influxUrl: string;
  readonly database: string;
  /** Its processes by name. */
  readonly pids: Readonly<Record<string, number | null>>;
  /** What it knows of itself. */
  facts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}
