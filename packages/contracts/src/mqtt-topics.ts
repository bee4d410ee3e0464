/** MQTT topics of a station, see interfaces.md. */
export const readingsTopic = (stationId: string): string => `v1/stations/${stationId}/readings`;
export const statusTopic = (stationId: string): string => `v1/stations/${stationId}/status`;
export const commandsTopic = (stationId: string): string => `v1/stations/${stationId}/commands`;
export const commandResultsTopic = (stationId: string): string => `v1/stations/${stationId}/command-results`;
/** Bounds of a publish. Ours; stated in interfaces.md. */
export const PAYLOAD_LIMIT_BYTES = 256 * 1024;
export const READINGS_PER_MESSAGE = 500;
