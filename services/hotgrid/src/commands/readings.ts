import { LEASE_MS, openJetStreamBus } from "@hotgrid/bus";
import { Closing, createLog, SystemClock } from "@hotgrid/runtime";
import { readServiceConfig } from "../service-config.ts";
import type { Call, Command } from "./command.ts";

/** Name under which the recorders share their work, and their leases. */
const RECORDER = "recorder";

export const readingsRecordAgain: Command = {
  name: "readings record-again",
  summary: {
    zh: "时序库丢失数据后：让入库服务从日志起点重新入库（先停止所有入库服务）",
    en: "where the time series lost what they had: lets the recorders begin with the first reading of the log again, on NATS (stop all recorders first)",
  },
  usage: "",
  options: {},
  run: async (call) => {
    const closing = new Closing();
    try {
      const json = await forget(call, closing);
      const text =
        `${json.messages} 条日志消息将在入库服务启动后重新入库，已有的读数不变 · ` +
        `messages of the log are recorded again when the recorders start; what is stored stays as it is`;
      return { json, text, code: 0 };
    } finally {
      await closing.run();
    }
  },
};

async function forget(call: Call, closing: Closing) {
  const config = readServiceConfig(["--data", call.dataDir, "--seeds", call.seedsDir], process.env);
  if (config === "help") throw new Error("no such help");
  const log = createLog("record-again");
  const bus = await openJetStreamBus({ ...config.log, name: "record-again", clock: new SystemClock(), log });
  closing.add("bus", () => bus.close());
  const held = await (await bus.leases(RECORDER, LEASE_MS)).held();
  if (held.size > 0) {
    throw new Error(
      `入库服务仍在工作 · recorders are at work for ${[...held].join(", ")}: stop all of them; a killed one's lease ends after ${LEASE_MS / 1000} s`,
    );
  }
  await bus.forget("readings", RECORDER);
  return { messages: await bus.lag("readings", RECORDER) };
}
