import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../../services/hotgrid/src/commands/index.ts";
import { ROOT } from "../../services/hotgrid/src/config.ts";
import { textOf, variablesInCode } from "./code-facts.ts";

/** systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.timer(5): what our units use of them. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  Unit: ["Description", "Documentation", "Wants", "After"],
  Service: [
    ...["Type", "User", "Group", "WorkingDirectory", "Environment", "EnvironmentFile", "ExecStart", "ExecStartPost"],
    ...["Restart", "RestartSec", "TimeoutStopSec", "LimitNOFILE", "Nice", "IOSchedulingClass", "UMask"],
    ...[
      "StateDirectory",
      "StateDirectoryMode",
      "CacheDirectory",
      "CacheDirectoryMode",
      "ConfigurationDirectory",
      "NoNewPrivileges",
      "CapabilityBoundingSet",
    ],
    ...["AmbientCapabilities", "ProtectSystem", "ProtectHome", "ProtectClock", "ProtectControlGroups"],
    ...["ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectProc"],
    ...["PrivateDevices", "PrivateTmp", "PrivateNetwork", "RemoveIPC", "RestrictAddressFamilies"],
    ...["RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "LockPersonality", "SystemCallArchitectures"],
    ...["SystemCallFilter", "SystemCallErrorNumber"],
  ],
  Timer: ["OnCalendar", "RandomizedDelaySec", "Persistent"],
  Install: ["WantedBy"],
};
const UNITS = readdirSync(join(ROOT, "deploy/systemd"));
const SERVICE_UNITS = UNITS.filter((name) => name.endsWith(".service"));
/** Where the units expect the checkout. */
const HOME = "/opt/hotgrid";

/** Section, key and value of each setting. */
function settingsOf(unit: string): readonly (readonly [string, string, string])[] {
  let section = "";
  return textOf(`deploy/systemd/${unit}`)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .flatMap((line) => {
      const title = /^\[(\w+)\]$/.exec(line)?.[1];
      if (title !== undefined) section = title;
      const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      if (title === undefined && key === undefined) throw new Error(`${unit}: not a setting: ${line}`);
      return key === undefined || value === undefined ? [] : [[section, key, value] as const];
    });
}

test.each(UNITS)("%s: every section and key is one that systemd knows", (unit) => {
  const settings = settingsOf(unit);
  expect(settings.length).toBeGreaterThan(3);
  expect(settings.filter(([section, key]) => !KEYS[section]?.includes(key))).toEqual([]);
});

test.each(SERVICE_UNITS)("%s: what it starts is in the checkout, its variables are the code's", (unit) => {
  const settings = settingsOf(unit);
  const start = settings.find(([, key]) => key === "ExecStart")?.[2] ?? "";
  const paths = [...start.matchAll(/\/opt\/hotgrid(\/[\w./-]+)/g)].map(([, path = ""]) => path);
  expect(paths.length).toBe(2);
  for (const path of paths) expect(existsSync(join(ROOT, path)), path).toBe(true);
  const variables = settings.filter(([, key]) => key === "Environment").map(([, , value]) => value.split("=")[0] ?? "");
  const known = variablesInCode();
  expect(variables.filter((name) => !name.startsWith("NODE_") && !known.has(name))).toEqual([]);
  const command = /cli\.ts (\w+)/.exec(start)?.[1];
  if (command !== undefined) expect(COMMANDS.map(({ name }) => name)).toContain(command);
});

test.each(SERVICE_UNITS)("%s: it may write its own state and nothing else", (unit) => {
  const of = (key: string) => settingsOf(unit).find(([, name]) => name === key)?.[2];
  expect([of("User"), of("NoNewPrivileges"), of("ProtectSystem"), of("ProtectHome")]).toEqual([
    ...["hotgrid", "yes", "strict", "yes"],
  ]);
  expect(of("StateDirectory")?.split(" ")).toContain("hotgrid");
  expect(of("CapabilityBoundingSet")).toBe("");
});

const program = "/usr/bin/systemd-analyze";
test.skipIf(!existsSync(program))("systemd-analyze finds nothing to say", () => {
  const folder = mkdtempSync(join(tmpdir(), "hotgrid-units-"));
  for (const unit of UNITS) {
    writeFileSync(join(folder, unit), textOf(`deploy/systemd/${unit}`).replaceAll(HOME, ROOT));
  }
  const run = spawnSync(program, ["verify", ...UNITS.map((unit) => join(folder, unit))], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect(run.stderr.split("\n").filter((line) => line.includes("hotgrid"))).toEqual([]);
});
