import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** How to see that a Debian package is there: one of these files. */
const PROOF = {
  chromium: () => ["/usr/bin/chromium"],
  "fonts-noto-cjk": () => ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"],
  influxdb: () => ["/usr/bin/influxd"],
  iproute2: () => ["/usr/sbin/ip", "/sbin/ip"],
  mosquitto: () => ["/usr/sbin/mosquitto"],
  "nats-server": () => ["/usr/sbin/nats-server"],
  nftables: () => ["/usr/sbin/nft"],
  openssl: () => ["/usr/bin/openssl"],
  postgresql: postgresServers,
  prometheus: () => ["/usr/bin/promtool"],
  "victoria-metrics": () => ["/usr/bin/victoria-metrics"],
};

/** Keeps packages quiet while they are installed: no daemon is started (policy-rc.d, Debian policy 9.3.3), and
 *  PostgreSQL makes no cluster of its own (createcluster.conf(5)). What was there before is left as it was. */
const POLICY = { file: "/usr/sbin/policy-rc.d", text: "#!/bin/sh\nexit 101\n", mode: 0o755 };
const NO_CLUSTER = {
  file: "/etc/postgresql-common/createcluster.d/hotgrid-install.conf",
  text: "create_main_cluster = off\n",
  mode: 0o644,
};

/** Installs what is missing, as root on Debian or Ubuntu; elsewhere prints the one command to run. It goes on where
 *  something is still missing: the tests that need it then skip, saying so. */
export function ensurePackages(names) {
  const missing = missingOf(names);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  const say = (text) => process.stderr.write(`hotgrid: ${text}\n`);
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    say(`缺少 · missing: ${missing.join(", ")}; run: sudo apt-get update && sudo ${command}`);
    return;
  }
  say(
    `安装 Debian 软件包（不启动其服务） · installing Debian packages, their daemons not started: ${missing.join(", ")}`,
  );
  quietly([POLICY, ...(missing.includes("postgresql") ? [NO_CLUSTER] : [])], () => {
    if (install(missing) || (aptGet(["update", "-q"]) && install(missing))) return;
    // One that this release does not have must not keep the others away.
    for (const name of missing) install([name]);
  });
  const still = missingOf(names);
  if (still.length > 0) say(`apt-get could not install ${still.join(", ")}: what needs them is left out`);
}

function missingOf(names) {
  return names.filter((name) => !PROOF[name]().some((file) => existsSync(file)));
}

/** A fresh machine updates itself in its first minutes: whoever has a lock of APT's or dpkg's is waited for, s. And a
 *  mirror that drops a connection is asked again. Ours. */
const PATIENCE = ["-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=5"];

function install(names) {
  return aptGet(["install", "-y", "--no-install-recommends", "-q", ...names]);
}

function aptGet(words) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", [...PATIENCE, ...words], { env, stdio: ["ignore", "ignore", 2] }).status === 0;
}

function quietly(files, work) {
  const written = files.filter(({ file }) => !existsSync(file));
  try {
    for (const { file, text, mode } of written) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      chmodSync(file, mode);
    }
    work();
  } finally {
    for (const { file } of written) rmSync(file, { force: true });
  }
}

/** A folder for each major version, which the client alone has, too. */
function postgresServers() {
  const folder = "/usr/lib/postgresql";
  return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, "bin", "postgres")) : [];
}
