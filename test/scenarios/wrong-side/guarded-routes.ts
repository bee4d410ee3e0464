import { ROLES, type Role } from "@hotgrid/contracts";
import type { Things } from "./guarded-city.ts";

/** What a route promises about who may do what with it. */
export interface GuardedRoute {
  /** Needs no login. */
  readonly public?: true;
  /** Who gets in at all; everybody where absent. */
  readonly roles?: readonly Role[];
  /** The thing of 越城区 that it is about, and its address; a list or something of the account's own where absent. */
  readonly of?: (things: Things) => string;
  /** What a stranger is answered, where it is not 404: a field of the body names the place. */
  readonly outside?: 422;
  /** Right in its form. */
  readonly body?: unknown;
  /** Of logins only: no API token. */
  readonly browserOnly?: true;
  /** How far a login has to have come. */
  readonly stages?: readonly ("second-factor" | "enrolment" | "full")[];
  /** An account's own affair: whoever is logged in may. */
  readonly own?: true;
  readonly upload?: true;
  readonly stream?: true;
  /** A command of a ticket, with a key that makes it happen once. */
  readonly command?: true;
  /** An inspector may without a grant that holds. */
  readonly withoutGrant?: true;
}

const SUPERVISORS: readonly Role[] = ["supervisor", "administrator"];
const DESK: readonly Role[] = ["supervisor", "operator", "administrator"];
const anyoneHere = { stages: ["second-factor", "enrolment", "full"], own: true } as const;
const ofTicket = (rest: string) => ({ of: ({ ticket }: Things) => `/tickets/${ticket}${rest}` });
const command = (action: string, body: Record<string, unknown> = {}) =>
  ({ ...ofTicket(`/${action}`), body, command: true }) satisfies GuardedRoute;
const note = "现场情况说明";
const PUBLIC = { public: true } as const;

/** Every route of the interface; one that is not here fails the test. */
export const GUARDED_ROUTES: Readonly<Record<string, GuardedRoute>> = {
  "GET /healthz": PUBLIC,
  "GET /readyz": PUBLIC,
  "GET /session/options": PUBLIC,
  "GET /session/oidc": PUBLIC,
  "GET /session/oidc/callback": PUBLIC,
  "POST /session": { ...PUBLIC, body: { username: "operator", password: "wrong" } },
  "GET /session": { own: true, withoutGrant: true },
  "DELETE /session": { ...anyoneHere, browserOnly: true, withoutGrant: true },
  "POST /session/second-factor": { own: true, browserOnly: true, stages: ["second-factor"], body: { code: "123456" } },
  "GET /account/totp": { own: true, browserOnly: true, stages: ["enrolment", "full"] },
  "POST /account/totp": { own: true, browserOnly: true, stages: ["enrolment", "full"], body: {} },
  "POST /account/totp/confirm": {
    own: true,
    browserOnly: true,
    stages: ["enrolment", "full"],
    body: { code: "123456" },
  },
  "POST /account/totp/disable": { own: true, browserOnly: true, body: { password: "x", code: "123456" } },

  "GET /stations": {},
  "GET /stations/{id}": { of: ({ station }) => `/stations/${station}` },
  "GET /stations/{id}/readings": { of: ({ station }) => `/stations/${station}/readings` },
  "GET /rankings": { of: () => "/rankings?property=pm25&division=330602001" },
  "GET /divisions": {},
  "GET /officers": { of: () => "/officers?division=330602001" },
  "GET /duty": { of: () => "/duty?division=330602001017" },
  "GET /duty/coverage": { roles: SUPERVISORS },
  "GET /cells": {},
  "GET /cells/{id}/duty": { of: ({ cell }) => `/cells/${cell}/duty` },
  "GET /episodes": {},
  "GET /episodes/{id}": { of: ({ episode }) => `/episodes/${episode}` },
  "GET /episodes/{id}/muted-notifications": {
    of: ({ episode }) => `/episodes/${episode}/muted-notifications`,
    roles: DESK,
  },
  "GET /alarm-flood": {},
  "GET /false-alarms": { roles: DESK },
  "GET /stream": { stream: true, browserOnly: true },
  "GET /dead-letters": { roles: ["operator", "administrator"] },
  "GET /audit": { roles: SUPERVISORS },
  "GET /audit/verification": { roles: SUPERVISORS },
  "GET /demo/clock": {},
  "PUT /demo/clock": { roles: DESK, body: { speed: 1 } },
  "POST /demo/fires": { roles: DESK, body: { lon: 120.5, lat: 30.1 } },

  "GET /tickets": {},
  "GET /tickets/{id}": ofTicket(""),
  "GET /tickets/{id}/evidence": ofTicket("/evidence"),
  "POST /tickets/{id}/evidence": { ...ofTicket("/evidence"), upload: true },
  "GET /tickets/{id}/evidence/{photo}/image": {
    of: ({ ticket, photo }) => `/tickets/${ticket}/evidence/${photo}/image`,
  },
  "GET /tickets/{id}/evidence/{photo}/thumbnail": {
    of: ({ ticket, photo }) => `/tickets/${ticket}/evidence/${photo}/thumbnail`,
  },
  "GET /tickets/{id}/notifications": { ...ofTicket("/notifications"), roles: DESK },
  "POST /tickets/{id}/respond": command("respond"),
  "POST /tickets/{id}/handle": command("handle"),
  "POST /tickets/{id}/feedback": command("feedback", { note, cause: "burning" }),
  "POST /tickets/{id}/verify": command("verify", { passed: true }),
  "POST /tickets/{id}/close": command("close"),
  "POST /tickets/{id}/return": command("return", { note }),
  "POST /tickets/{id}/transfer": command("transfer", { note, officerId: "O-330602001" }),
  "POST /tickets/{id}/escalate": command("escalate", { note }),
  "POST /tickets/{id}/supervise": command("supervise", { note }),
  "POST /tickets/{id}/suspend": command("suspend", { note, until: "2026-12-22T08:00:00+08:00" }),
  "POST /tickets/{id}/resume": command("resume"),
  "POST /tickets/{id}/merge": command("merge", { into: "T-other" }),
  "POST /tickets/{id}/split": command("split", { note, stationIds: ["S-elsewhere"] }),
  "POST /tickets/{id}/false-alarm": command("false-alarm", { note, reason: "nothing-there" }),
  "POST /tickets/{id}/reopen": command("reopen", { note }),
  "POST /tickets/{id}/inspect": command("inspect", { note, passed: true }),
  "POST /tickets/{id}/comment": command("comment", { note }),

  "GET /push": {},
  "POST /push/subscriptions": {
    browserOnly: true,
    body: {
      endpoint: "https://fcm.googleapis.com/x",
      keys: { p256dh: `B${"A".repeat(86)}`, auth: "A".repeat(22) },
      expirationTime: null,
      language: "zh",
    },
  },
  "DELETE /push/subscriptions/{id}": {
    of: () => `/push/subscriptions/${"0".repeat(64)}`,
    browserOnly: true,
    own: true,
  },
  "GET /notifications": { roles: DESK },
  "GET /silences": { roles: DESK },
  "POST /silences": {
    of: () => "/silences",
    outside: 422,
    roles: DESK,
    body: { division: "330602001017", kind: null, stationId: null, until: "2026-11-23T08:00:00+08:00", reason: note },
  },
  "POST /silences/{id}/end": { of: ({ silence }) => `/silences/${silence}/end`, roles: DESK, body: {} },
  "GET /boundary-proposals": { roles: DESK },
  "POST /boundary-proposals/{id}/settle": {
    of: ({ proposal }) => `/boundary-proposals/${encodeURIComponent(proposal)}/settle`,
    roles: SUPERVISORS,
    body: { outcome: "accepted", note },
  },
  "GET /inspectors": { roles: [...SUPERVISORS, "inspector"], withoutGrant: true },
  "PUT /inspectors/{id}/grant": {
    of: ({ inspector }) => `/inspectors/${inspector}/grant`,
    roles: SUPERVISORS,
    body: { division: "330602001", until: "2026-12-22T08:00:00+08:00" },
  },
  "DELETE /inspectors/{id}/grant": { of: ({ inspector }) => `/inspectors/${inspector}/grant`, roles: SUPERVISORS },
  "GET /inspection-draws": { roles: [...SUPERVISORS, "inspector"] },
};

/** Who is kept out by the role alone. */
export const outsideRoles = ({ roles = ROLES }: GuardedRoute): readonly Role[] =>
  ROLES.filter((role) => !roles.includes(role));
