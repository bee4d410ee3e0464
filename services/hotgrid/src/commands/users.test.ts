import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ManualClock } from "@hotgrid/runtime";
import { AccountStore, AuditStore, accountRow, openDatabase, openTotpKey, SYSTEM, TotpStore } from "@hotgrid/store";
import { Secret, TOTP } from "otpauth";
import { afterEach, expect, test } from "vitest";
import { ownTotpKey } from "../console-access.ts";
import { dataFiles } from "../data-directory.ts";
import { usersResetTotp } from "./users.ts";

const SEEDS = fileURLToPath(new URL("../../../../seeds/shaoxing", import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), "hotgrid-users-"));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const wang = { id: "wang", name: "王芳", role: "operator", division: "330600", officerId: null } as const;
const NOW = Date.parse("2026-11-22T00:00:00Z");

test("a lost phone: the one-time codes are taken away, and the audit log says who did it", async () => {
  const database = await openDatabase(dataFiles(dataDir).database);
  try {
    const row = {
      ...accountRow(wang, "no password", NOW),
      disabled_at: null,
      locked_until: null,
      provisioned_by: null,
    };
    await database.insertInto("accounts").values(row).execute();
    const clock = new ManualClock(NOW);
    const totp = new TotpStore(database, clock, await openTotpKey(database, ownTotpKey(dataDir)));
    const secret = Secret.fromBase32(await totp.begin("wang"));
    await totp.confirm(wang, TOTP.generate({ secret, timestamp: NOW }), SYSTEM);
    const accounts = new AccountStore(database, clock);
    expect(await accounts.stageOf(wang)).toBe("second-factor");

    const call = { positionals: ["wang"], values: {}, dataDir, seedsDir: SEEDS };
    expect(await usersResetTotp.run(call)).toMatchObject({ code: 0, json: { id: "wang" } });
    expect(await accounts.stageOf(wang)).toBe("full");
    const { items } = await new AuditStore(database).list({ division: "330600", subjectId: "wang", limit: 1 });
    expect(items[0]).toMatchObject({ action: "totp-reset", account: expect.stringMatching(/^cli:/) });

    await totp.begin("wang");
    const everybody = { ...call, positionals: [], values: { "lost-key": true } };
    expect(await usersResetTotp.run(everybody)).toMatchObject({ code: 0, json: { ids: [] } });
    await expect(usersResetTotp.run(everybody)).rejects.toMatchObject({ reason: "no-totp-key" });

    await expect(usersResetTotp.run(call)).rejects.toMatchObject({ reason: "not-enabled" });
    await expect(usersResetTotp.run({ ...call, positionals: ["nobody"] })).rejects.toThrow(
      "there is no account nobody",
    );
  } finally {
    await database.destroy();
  }
});
