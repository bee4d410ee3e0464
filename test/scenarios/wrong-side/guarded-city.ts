import { createHash } from "node:crypto";
import { join } from "node:path";
import { encodeJson } from "@hotgrid/bus";
import { type EpisodeEvent, episodeEventKey, episodeSubject } from "@hotgrid/contracts";
import { cellsOfVillages, type Grid } from "@hotgrid/grid";
import { openDataDirectory, type System, type SystemOptions, startSystem } from "@hotgrid/hotgrid-service";
import { Closing, createLog, ManualClock, SystemClock } from "@hotgrid/runtime";
import {
  accountRow,
  readSeeds,
  SessionStore,
  SilenceStore,
  seedDemoAccounts,
  TicketStore,
  TokenStore,
} from "@hotgrid/store";
import { testEpisode } from "@hotgrid/tickets/testing";
import { ROOT, temporaryFolder } from "../../harness/embedded.ts";

/** 08:00 in the city. */
const NOW = Date.parse("2026-11-22T00:00:00Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TOWN = "330602001";
const VILLAGE = `${TOWN}017`;
const HOLDER = `O-${VILLAGE}`;
/** A picture of one pixel. */
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** What there is in 越城区, whose ids others must not be able to use. */
export interface Things {
  readonly ticket: string;
  readonly episode: string;
  readonly station: string;
  readonly photo: string;
  readonly silence: string;
  readonly proposal: string;
  readonly inspector: string;
  readonly cell: string;
}

/** The whole system with one of everything in 越城区, and people who may not see it. */
export interface GuardedCity {
  readonly url: string;
  readonly system: System;
  readonly things: Things;
  /** Value of the Cookie header of somebody who is logged in. */
  cookie(account: string, how?: { stage?: "second-factor" | "enrolment"; ageDays?: number }): Promise<string>;
  /** Value of the Authorization header of a program. */
  token(account: string, scope: "read" | "write", how?: { ageDays?: number }): Promise<string>;
  close(): Promise<void>;
}

export async function startGuardedCity(): Promise<GuardedCity> {
  const closing = new Closing();
  const folder = temporaryFolder();
  closing.add("folder", folder.remove);
  const clock = new ManualClock(NOW);
  const seeds = await readSeeds(join(ROOT, "seeds", "shaoxing"));
  const data = openDataDirectory(join(folder.path, "data"), "demo");
  closing.add("data", () => data.release());
  const demo = {
    clock: () => ({ at: clock.now(), wallAt: Date.now(), speed: 0 }),
    setSpeed: () => undefined,
    light: () => undefined,
  };
  const system = await startSystem({
    ...{ data, seeds, clock, demo, mode: "demo", host: "127.0.0.1", httpPort: 0, mqttPort: 0 },
    ...{ webRoot: null, tileUrl: null, allowHoles: false, log: createLog("guarded", "fatal") },
    access: ACCESS,
  });
  closing.add("system", () => system.close());
  await seedDemoAccounts(system.database, seeds, "not-used-here");
  const url = `http://127.0.0.1:${system.httpPort}/api/v1`;
  const cookie: GuardedCity["cookie"] = async (account, { stage, ageDays = 0 } = {}) => {
    const sessions = new SessionStore(system.database, new ManualClock(Date.now() - ageDays * DAY_MS));
    return `hotgrid-session=${(await sessions.create(account, stage ? { stage } : {})).token}`;
  };
  const token: GuardedCity["token"] = async (accountId, scope, { ageDays = 0 } = {}) => {
    const tokens = new TokenStore(system.database, new ManualClock(Date.now() - ageDays * DAY_MS));
    const by = { account: "system", address: null };
    return `Bearer ${(await tokens.add({ accountId, name: "test", scope, days: 1 }, by)).token}`;
  };
  await addStrangers(system);
  const station = seeds.stations.find(({ division }) => division === VILLAGE)?.id ?? "";
  const things = await addThings(system, clock, station, url, await cookie(HOLDER));
  return { url, system, things, cookie, token, close: () => closing.run() };
}

/** Nobody answers there: the routes are there all the same. */
const ACCESS: NonNullable<SystemOptions["access"]> = {
  singleSignOn: {
    ...{ issuer: "http://127.0.0.1:9", console: "https://hotgrid.example", clientId: "hotgrid", clientSecret: null },
    ...{ scope: "openid", claim: "sub", names: "account", grants: [], allowHttp: true },
    label: { zh: "单点登录", en: "Single sign-on" },
  },
};

/** A viewer and inspectors, who are not among the demo's people: one whose grant holds elsewhere, one whose has expired. */
async function addStrangers({ database }: System): Promise<void> {
  const now = new SystemClock().now();
  const add = async (id: string, role: "viewer" | "inspector", division: string) => {
    const row = accountRow({ id, name: id, role, division, officerId: null }, "no password", now);
    await database
      .insertInto("accounts")
      .values({ ...row, disabled_at: null, locked_until: null, provisioned_by: null })
      .execute();
  };
  await add("viewer-keqiao", "viewer", "330603");
  await add("inspector-yuecheng", "inspector", "330602001");
  await add("inspector-keqiao", "inspector", "330603");
  await add("inspector-expired", "inspector", "330600");
  const grant = (account_id: string, division: string, until: number) =>
    database
      .insertInto("inspection_grants")
      .values({ account_id, division, until, granted_at: NOW - DAY_MS, granted_by: "administrator" })
      .execute();
  await grant("inspector-keqiao", "330603", NOW + DAY_MS);
  await grant("inspector-yuecheng", "330602001", NOW + DAY_MS);
  await grant("inspector-expired", "330600", NOW);
}

async function addThings(
  system: System,
  clock: ManualClock,
  station: string,
  url: string,
  cookie: string,
): Promise<Things> {
  const ticket = await raise(system, clock, "E-guarded-1", station);
  const returned = await raise(system, clock, "E-guarded-2", "S-elsewhere");
  const change = (path: string, body: unknown, headers: Record<string, string>) =>
    fetch(url + path, {
      method: "POST",
      body: body instanceof FormData ? body : JSON.stringify(body),
      headers: { cookie, ...headers },
    });
  const form = new FormData();
  form.append("file", new Blob([Buffer.from(PNG, "base64")]));
  const photo = await change(`/tickets/${ticket}/evidence`, form, { "x-requested-with": "test" });
  const json = { "content-type": "application/json", "idempotency-key": "return" };
  const back = await change(`/tickets/${returned}/return`, { note: "不是我的片区", reason: "not-my-area" }, json);
  if (photo.status !== 201 || back.status !== 200)
    throw new Error(`photo ${photo.status}, return ${back.status}: ${await back.text()}`);
  const silence = { id: "silence-guarded", division: VILLAGE, kind: null, stationId: null };
  const times = { startsAt: NOW, endsAt: NOW + DAY_MS };
  await new SilenceStore(system.database).add({ ...silence, ...times, author: "督办员", reason: "检修" }, NOW, {
    account: "system",
    address: null,
  });
  const { id: proposal } = await system.database
    .selectFrom("boundary_proposals")
    .select("id")
    .executeTakeFirstOrThrow();
  const { id } = (await photo.json()) as { id: string };
  return {
    ticket,
    episode: "E-guarded-1",
    station,
    photo: id,
    silence: silence.id,
    proposal,
    inspector: "inspector-yuecheng",
    cell: cellWithin(system.grid),
  };
}

/** One that no other town has a part of. */
function cellWithin(grid: Grid): string {
  const cells = [...cellsOfVillages(grid).fine];
  const [cell] = cells.find(([, all]) => all.includes(VILLAGE) && all.every((code) => code.startsWith(TOWN))) ?? [];
  if (cell === undefined) throw new Error(`no cell of ${TOWN} alone`);
  return cell;
}

/** Puts an episode into the log, as the detector would, and waits for its ticket. */
async function raise(system: System, clock: ManualClock, id: string, station: string): Promise<string> {
  const at = clock.now();
  const episode = testEpisode(id, at - HOUR_MS, { confirmedAt: at, division: VILLAGE, stationIds: [station] });
  const event: EpisodeEvent = { type: "raised", revision: 1, at, episode };
  await system.bus.append("episodes", [
    { subject: episodeSubject("3306"), data: encodeJson(event), messageId: episodeEventKey(event) },
  ]);
  await system.settled();
  const [ticket] = (await new TicketStore(system.database).ticketIdsOf([id])).get(id) ?? [];
  if (ticket === undefined) throw new Error(`no ticket for ${id}`);
  return ticket;
}

/** Ids of the same form that nobody ever gave out. */
export function forged(things: Things): Things {
  const another = (id: string) => `X${createHash("sha256").update(id).digest("hex").slice(1, id.length)}`;
  const entries = Object.entries(things).map(([name, id]) => [name, another(id)]);
  return { ...(Object.fromEntries(entries) as Things), photo: "00000000-0000-4000-8000-000000000000" };
}
