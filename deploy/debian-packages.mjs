import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";

/** How to see that a Debian package is there: one of these files. */
const PROOF = {
  chromium: ["/usr/bin/chromium"],
  "fonts-noto-cjk": ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"],
  mosquitto: ["/usr/sbin/mosquitto"],
  openssl: ["/usr/bin/openssl"],
};
const POLICY = "/usr/sbin/policy-rc.d";

/** Installs what is missing, as root on Debian or Ubuntu; elsewhere prints the one command to run and goes on: the
 *  tests that need a missing program then skip, saying so. */
export function ensurePackages(names) {
  const missing = names.filter((name) => !PROOF[name].some((file) => existsSync(file)));
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
  const keepDaemonsDown = !existsSync(POLICY);
  if (keepDaemonsDown) {
    writeFileSync(POLICY, "#!/bin/sh\nexit 101\n");
    chmodSync(POLICY, 0o755);
  }
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const run = (words) => spawnSync("apt-get", words, { env, stdio: ["ignore", "ignore", 2] }).status === 0;
    const install = ["install", "-y", "--no-install-recommends", "-q", ...missing];
    if (!run(install) && !(run(["update", "-q"]) && run(install))) {
      say(`apt-get could not install them; run by hand: apt-get update && ${command}`);
      process.exit(1);
    }
  } finally {
    if (keepDaemonsDown) rmSync(POLICY, { force: true });
  }
}
