import { type Logger, pino } from "pino";

export type Log = Logger;

/** Structured logs on standard error, so that what a command prints stays readable. Secrets never enter a log: fields
 *  that could hold one are cut out by name, too. */
export function createLog(service: string, level: string = process.env["HOTGRID_LOG_LEVEL"] ?? "warn"): Log {
  return pino(
    {
      level,
      base: { service },
      redact: { paths: ["password", "secret", "*.password", "*.secret", "authorization", "cookie"], remove: true },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
