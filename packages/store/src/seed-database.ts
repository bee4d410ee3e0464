import type { DivisionCode, Station } from "@hotgrid/contracts";
import { SystemClock } from "@hotgrid/runtime";
import type { Kysely } from "kysely";
import { appendAudit, SYSTEM } from "./append-audit.ts";
import type { Database } from "./database.ts";
import { insertMissingRosters, type Rosters } from "./duty-store.ts";
import { insertMissingPeople, type People } from "./people-store.ts";
import { type RuleFiles, recordRules } from "./record-rules.ts";
import { insertMissingStations } from "./station-directory.ts";

/** What readSeeds() read, as far as the database is concerned. */
export interface DatabaseSeeds extends People, Rosters, RuleFiles {
  readonly city: { readonly code: DivisionCode };
  readonly stations: readonly Station[];
}

/** Adds the stations, officers, assignments and rosters that are missing, in one transaction; what is there stays as people
 *  have left it. What the city decides by is recorded where it is not what it was (see recordRules). Call it before StationDirectory.open(), or refresh the directory afterwards. */
export async function seedDatabase(db: Kysely<Database>, seeds: DatabaseSeeds): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const stations = await insertMissingStations(trx, seeds.stations);
    const added = { stations, ...(await insertMissingPeople(trx, seeds)) };
    await insertMissingRosters(trx, seeds);
    const at = new SystemClock().now();
    const { rules, policy, routing, notification } = seeds;
    await recordRules(trx, seeds.city.code, { rules, policy, routing, notification }, at);
    if (Object.values(added).every((count) => count === 0)) return;
    const event = { at, actor: SYSTEM, subject: "seeds", subjectId: "seeds" } as const;
    await appendAudit(trx, { ...event, division: null, action: "add", details: added });
  });
}
