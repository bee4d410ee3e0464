import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { type Call, type Command, parseCall, UsageError } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { defaultDataDir, ROOT } from "./config.ts";
import { SERVICES } from "./service-names.ts";

/** Programs of the simulators, which may know the services but not the other way round: started, not imported. */
const PROGRAMS: Readonly<Record<string, string>> = {
  replay: "simulators/replay/src/main.ts",
  evaluate: "simulators/fleet/src/evaluate-main.ts",
};

// A service goes on in this process until it is stopped, and ends it by itself.
if (SERVICES.some((service) => service === process.argv[2])) await import("./service.ts");
else process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const program = PROGRAMS[words[0] ?? ""];
  if (program) return runProgram(program, words.slice(1));
  const command = COMMANDS.find(({ name }) => words.slice(0, name.split(" ").length).join(" ") === name);
  if (!command) return help(words);
  try {
    return await runCommand(command, words.slice(command.name.split(" ").length));
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    process.stderr.write(`hotgrid ${command.name}: ${known.message}\n`);
    if (known instanceof UsageError) process.stderr.write(`用法 · usage: hotgrid ${command.name} ${command.usage}\n`);
    return 2;
  }
}

async function runCommand(command: Command, words: readonly string[]): Promise<number> {
  const { values, positionals } = parseCall(command, words);
  if (values["help"]) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  const call: Call = {
    positionals,
    values: values as Call["values"],
    dataDir: resolve(directory(values["data"], "HOTGRID_DATA_DIR") ?? defaultDataDir(values["real"] !== true)),
    seedsDir: resolve(directory(values["seeds"], "HOTGRID_SEEDS") ?? join(ROOT, "seeds", "shaoxing")),
  };
  const answer = await command.run(call);
  process.stdout.write(values["json"] ? `${JSON.stringify(answer.json, null, 1)}\n` : `${answer.text}\n`);
  return answer.code;
}

function directory(flag: unknown, variable: string): string | undefined {
  return typeof flag === "string" ? flag : process.env[variable];
}

function runProgram(script: string, words: readonly string[]): number {
  const run = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", join(ROOT, script), ...words], {
    stdio: "inherit",
  });
  if (run.error) throw run.error;
  return run.status ?? 1;
}

function help(words: readonly string[]): number {
  const asked = words.length === 0 || words[0] === "--help" || words[0] === "help";
  if (!asked) process.stderr.write(`hotgrid: 没有此命令 · no such command: ${words.join(" ")}\n\n`);
  const width = Math.max(
    ...COMMANDS.map(({ name }) => name.length),
    ...Object.keys(PROGRAMS).map((name) => name.length),
  );
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary.zh} · ${summary.en}`);
  process.stdout.write(
    `npm run hotgrid -- COMMAND [--help] [--json] [--data DIR | --real] [--seeds DIR]\n\n${lines.join("\n")}\n` +
      `  ${"replay".padEnd(width)}  回放录制数据 · publish a recording over MQTT and account for every reading\n` +
      `  ${SERVICES.join("|")}\n` +
      `  ${"".padEnd(width)}  单独运行一个服务（消息日志为 NATS） · one service in this process, on NATS JetStream\n` +
      `  ${"evaluate".padEnd(width)}  评估检测 · score detection on scenarios with known truth\n\n` +
      "  --data DIR 数据目录（默认演示目录；--real 为正式目录） · data directory (default: the demo's; --real: the city's)\n",
  );
  return asked ? 0 : 2;
}

function helpOf(command: Command): string {
  const flags = Object.keys(command.options).map((name) => `--${name}`);
  return (
    `hotgrid ${command.name} ${command.usage}\n\n${command.summary.zh}\n${command.summary.en}\n\n` +
    `${flags.length > 0 ? `${flags.join(" ")} ` : ""}--json --data DIR --real --seeds DIR\n` +
    "退出码 · exit codes: 0 done, 1 the answer is bad news, 2 wrong call or failure\n"
  );
}
