import type { Seeds } from "@hotgrid/store";
import type { Config } from "./config.ts";
import type { System } from "./start-system.ts";

/** Printed at every start of the demo, which listens on loopback unless told otherwise; never used for real data. */
export const DEMO_PASSWORD = "hotgrid-demo";

export const say = (text: string): void => {
  process.stderr.write(`hotgrid: ${text}\n`);
};

let shown = -1;

/** A line for every tenth of the warm history. */
export function showWarming(done: number): void {
  const tenth = Math.floor(done * 10);
  if (tenth === shown) return;
  shown = tenth;
  say(`预热历史数据 · making the warm history: ${tenth * 10} %`);
}

/** What somebody who just typed `npm start` needs to know. */
export function printReady(config: Config, system: System, seeds: Seeds): void {
  const console_ = `http://${config.host === "0.0.0.0" ? "localhost" : config.host}:${system.httpPort}`;
  const lines = [
    "",
    `  ${seeds.city.name} 大气热点网格 · Hotgrid 就绪 ready`,
    "",
    `  控制台 console        ${console_}/`,
    `  网格员手机页 officer  ${console_}/officer`,
    `  MQTT                  mqtt://${config.host}:${system.mqttPort}  （站点号与密钥 station id and secret）`,
    ...(config.simulator ? demoLines(config, seeds) : realLines(config)),
    "",
    "  Ctrl-C 停止 to stop",
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function demoLines(config: Config, seeds: Seeds): string[] {
  return [
    `  数据 data             ${config.dataDir}`,
    "",
    ...demoLogins(seeds),
    `  演示时钟 demo clock ${config.speed}×；场景第一小时内会有一次焚烧 a fire burns within the first simulated hour`,
  ];
}

/** The accounts that `seedDemoAccounts` makes. */
export function demoLogins(seeds: Seeds): string[] {
  const vendor = seeds.assignments.find(({ role }) => role === "maintenance");
  return [
    `  演示账号 demo logins（密码均为 password: ${DEMO_PASSWORD}）`,
    "    operator           值班员 operator of the city",
    `    supervisor-${seeds.city.code}  督办员 supervisor of the city, of a county or of a town (by its code)`,
    "    administrator      管理员 administrator",
    "    viewer             只读 viewer",
    "    O-330603003001     网格员 officers: 工单上的网格员编号 the officer's id on the ticket",
    ...(vendor ? [`    ${vendor.officerId.padEnd(17)}  设备运维 the maintenance vendor, who gets device tickets`] : []),
  ];
}

function realLines(config: Config): string[] {
  return [
    `  数据 data             ${config.dataDir}`,
    "  建立账号 add accounts:      npm run hotgrid -- users add --help",
    "  发放站点密钥 station secrets: npm run hotgrid -- stations credentials --help",
  ];
}
