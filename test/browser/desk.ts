import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { encodeJson } from "@hotgrid/bus";
import { type Episode, type EpisodeEvent, episodeEventKey, episodeSubject } from "@hotgrid/contracts";
import { openDataDirectory, type System, type SystemOptions, startSystem } from "@hotgrid/hotgrid-service";
import { openReceivers } from "@hotgrid/notifier-service";
import { Closing, createLog, ManualClock } from "@hotgrid/runtime";
import { readSeeds, type Seeds, seedDemoAccounts, TicketStore } from "@hotgrid/store";
import { testEpisode } from "@hotgrid/tickets/testing";
import { z } from "zod";
import { ROOT, temporaryFolder } from "../harness/embedded.ts";
import { PASSWORD } from "./chromium.ts";

/** 22:00 in the city. */
const DESK_START = Date.parse("2026-11-22T22:00:00+08:00");
const MINUTE_MS = 60_000;

/** The whole embedded system with Shaoxing's people and the built pages, but without weather: what happens, the test
 *  says, and the clock moves when told. So a page's test waits for no simulated fire. */
export interface Desk {
  /** Of the pages, without a slash at its end. */
  readonly url: string;
  readonly system: System;
  /** What the notifier's webhook got, and how it answers. */
  readonly webhook: { readonly received: string[]; status: number };
  /** Puts an episode into the log, as the detector would. Resolves with its ticket's id when it was dispatched, null
   *  where it opened none. */
  episode(id: string, changes?: Partial<Episode>): Promise<string | null>;
  /** Moves the city's clock on. */
  pass(minutes: number): void;
  close(): Promise<void>;
}

/** @param access how people log in, where it is not by a password alone. */
export async function startDesk(
  webRoot = join(ROOT, "services", "console", "dist"),
  access: SystemOptions["access"] = {},
): Promise<Desk> {
  const closing = new Closing();
  const folder = temporaryFolder();
  closing.add("folder", folder.remove);
  const clock = new ManualClock(DESK_START);
  const seeds = everyClosedTicketIsInspected(await readSeeds(join(ROOT, "seeds", "shaoxing")));
  const data = openDataDirectory(join(folder.path, "data"), "demo");
  closing.add("data", () => data.release());
  const { server, webhook } = await startWebhook();
  closing.add("webhook", () => void server.close());

  const wallAt = Date.now();
  const demo = {
    clock: () => ({ at: clock.now(), wallAt, speed: 0 }),
    setSpeed: () => undefined,
    light: () => undefined,
  };
  const system = await startSystem({
    ...{ data, seeds, clock, demo, webRoot, mode: "demo", host: "127.0.0.1", httpPort: 0, mqttPort: 0 },
    ...{ tileUrl: null, allowHoles: false, log: createLog("desk", "fatal"), access },
    receivers: await openReceivers(receiversFile(folder.path, server)),
  });
  closing.add("system", () => system.close());
  await seedDemoAccounts(system.database, seeds, PASSWORD, clock);
  const tickets = new TicketStore(system.database);
  if (system.httpPort === null) throw new Error("the desk has no console");
  return {
    ...{ url: `http://127.0.0.1:${system.httpPort}`, system, webhook },
    async episode(id, changes = {}) {
      await raise(
        system,
        clock.now(),
        testEpisode(id, clock.now() - 10 * MINUTE_MS, { confirmedAt: clock.now(), ...changes }),
      );
      await system.settled();
      return (await tickets.ticketIdsOf([id])).get(id)?.[0] ?? null;
    },
    pass: (minutes) => clock.advanceTo(clock.now() + minutes * MINUTE_MS),
    close: () => closing.run(),
  };
}

const Policy = z.looseObject({ inspection: z.looseObject({ share: z.number() }) });

function everyClosedTicketIsInspected(seeds: Seeds): Seeds {
  const policy = Policy.parse(seeds.policy);
  return { ...seeds, policy: { ...policy, inspection: { ...policy.inspection, share: 1 } } };
}

async function raise({ bus }: System, at: number, episode: Episode): Promise<void> {
  const event: EpisodeEvent = { type: "raised", revision: 1, at, episode };
  const message = { subject: episodeSubject("3306"), data: encodeJson(event), messageId: episodeEventKey(event) };
  await bus.append("episodes", [message]);
}

/** A place to which messages go; answers as it is told. */
async function startWebhook(): Promise<{ server: Server; webhook: Desk["webhook"] }> {
  const webhook = { received: [] as string[], status: 204 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      webhook.received.push(body);
      response.writeHead(webhook.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, webhook };
}

function receiversFile(folder: string, server: Server) {
  const { port } = server.address() as AddressInfo;
  const file = join(folder, "receivers.json");
  const receiver = { id: "desk", type: "webhook", division: "330600", audiences: ["officers"], allowHttp: true };
  writeFileSync(file, JSON.stringify({ receivers: [{ ...receiver, url: `http://127.0.0.1:${port}/` }] }));
  return { file, env: {}, source: "/hotgrid/3306", wall: Date.now };
}
