// Runs on whatever Node the machine has (18 or newer): installs what is missing, then hands over to the pinned Node 24.
// `npm start`, `npm test` and the other scripts all come through here, so that a fresh clone needs nothing but npm.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "./debian-packages.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [command = "start", ...args] = process.argv.slice(2);

/** What each command runs, and the Debian programs that it needs. */
const COMMANDS = {
  start: { script: "services/hotgrid/src/main.ts", web: true, debian: [] },
  hotgrid: { script: "services/hotgrid/src/cli.ts", web: false, debian: [] },
  distributed: {
    script: "test/distributed/main.ts",
    web: true,
    debian: ["influxdb", "nats-server", "postgresql"],
  },
  evaluate: { script: "simulators/fleet/src/evaluate-main.ts", web: false, debian: [] },
  check: { script: "test/check.ts", web: false, debian: [] },
  test: {
    script: "test/run.ts",
    web: true,
    debian: [
      "chromium",
      "fonts-noto-cjk",
      "influxdb",
      "iproute2",
      "mosquitto",
      "nats-server",
      "nftables",
      "openssl",
      "postgresql",
      "prometheus",
      "victoria-metrics",
    ],
  },
  chaos: {
    script: "test/chaos/chaos-main.ts",
    web: false,
    debian: ["influxdb", "iproute2", "nats-server", "nftables", "postgresql"],
  },
  bench: {
    script: "test/bench/run.ts",
    web: false,
    debian: ["influxdb", "mosquitto", "nats-server", "postgresql"],
  },
};

const chosen = COMMANDS[command];
if (!chosen) fail(`unknown command "${command}"; one of ${Object.keys(COMMANDS).join(", ")}`);

installModules();
const node = pinnedNode();
if (chosen.web) buildPages(node);
if (!wantsHelp()) ensurePackages(chosen.debian);
const child = spawnSync(node, ["--disable-warning=ExperimentalWarning", join(root, chosen.script), ...args], {
  cwd: process.env.INIT_CWD ?? root,
  stdio: "inherit",
  env: {
    // Compiled code and stripped types are kept: a start costs a quarter less of a core (docs/performance.md).
    NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compile"),
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH ?? ""}`,
  },
});
if (child.error) fail(`${chosen.script} could not be started: ${child.error.message}`);
process.exit(child.status ?? (child.signal === "SIGINT" || child.signal === "SIGTERM" ? 0 : 1));

function wantsHelp() {
  return args.includes("--help");
}

/** npm install where the installed tree is not the lock file's. Not `npm ci`: it insists on the binaries of platforms
 *  that are not this one (docs/decisions/0005-npm-install-not-ci.md). The lock file decides the versions all the same. */
function installModules() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const stamp = join(root, "node_modules", ".hotgrid-lock");
  const digest = createHash("sha256").update(lock).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  say("安装 npm 依赖（首次约一分钟） · installing npm packages (about a minute the first time)");
  const npm = process.env.npm_execpath;
  const words = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const install = npm
    ? spawnSync(process.execPath, [npm, ...words], { cwd: root, stdio: ["ignore", 2, 2] })
    : spawnSync("npm", words, { cwd: root, stdio: ["ignore", 2, 2] });
  if (install.status !== 0) fail("npm install failed; see the lines above, then run the command again");
  writeFileSync(stamp, digest);
}

/** Node 24 from the npm package `node`; where its install script was blocked, a system Node that is new enough. */
function pinnedNode() {
  const pinned = join(root, "node_modules", "node", "bin", "node");
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  return fail(
    `Node 24 is missing: the install script of the npm package "node" did not run (is ignore-scripts set?), and this ` +
      `machine's Node is ${process.version}. Run: npm rebuild node --ignore-scripts=false   or install Node 24 or newer`,
  );
}

/** Vite's build, skipped while no source has changed since the last one. */
function buildPages(node) {
  const web = join(root, "services", "console", "web");
  const stamp = join(root, "services", "console", "dist", ".built-from");
  const digest = digestOf([
    web,
    join(root, "packages", "contracts", "src"),
    join(root, "packages", "airquality", "src"),
    join(root, "package-lock.json"),
  ]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return;
  say("构建网页 · building the pages");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const built = spawnSync(node, [vite, "build", "--logLevel", "warn"], { cwd: web, stdio: ["ignore", 2, 2] });
  if (built.status !== 0) fail("the pages could not be built; see the lines above");
  writeFileSync(stamp, digest);
}

function digestOf(paths) {
  const hash = createHash("sha256");
  const visit = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== "node_modules") visit(join(path, name));
    } else hash.update(path.slice(root.length)).update(readFileSync(path));
  };
  for (const path of paths) visit(path);
  return hash.digest("hex");
}

function say(text) {
  process.stderr.write(`hotgrid: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
