import { demoLogins } from "@hotgrid/hotgrid-service";
import type { Seeds } from "@hotgrid/store";
import type { Topology } from "../harness/topology.ts";

/** What somebody who just typed `npm run distributed` needs to know. */
export function printTopology(topology: Topology, mqttPort: number, seeds: Seeds): void {
  const console_ = `http://127.0.0.1:${topology.httpPort}`;
  const lines = [
    "",
    `  ${seeds.city.name} 大气热点网格 · Hotgrid 分布式就绪 distributed, ready`,
    "",
    `  控制台 console        ${console_}/`,
    `  网格员手机页 officer  ${console_}/officer`,
    `  MQTT                  mqtt://127.0.0.1:${mqttPort}  （均衡到两个网关 balanced over both gateways）`,
    `  数据 data             ${topology.folder}`,
    "",
    ...demoLogins(seeds),
    "",
    "  进程 processes",
    ...[...topology.members.values()].map(({ name, ports, pid }) => {
      const listens = Object.entries(ports).map(([what, port]) => `${what} ${port}`);
      return `    ${name.padEnd(12)} pid ${String(pid()).padEnd(8)} ${listens.join(", ")}`;
    }),
    "",
    "  kill -9 其中任一个：两秒后重新启动，数据不丢 · kill -9 any of them: it is started again, and nothing is lost",
    "  约一刻钟后有一次焚烧；白天烟羽稀释，站点可能再过半小时才看得出",
    "  a fire burns in a quarter of an hour; by day its smoke thins out, and stations may show it half an hour later",
    "  Ctrl-C 停止 to stop",
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
