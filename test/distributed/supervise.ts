import { setTimeout as pause } from "node:timers/promises";
import type { Member } from "../harness/member.ts";

/** Pause before a member that ended is started again, ms: RestartSec of deploy/systemd. */
const AGAIN_AFTER_MS = 2000;

/** Starts a member again whenever it ends, as a supervisor does, until `signal` aborts. Resolves then. */
export async function supervise(member: Member, tell: (text: string) => void, signal: AbortSignal): Promise<void> {
  for (;;) {
    await member.ended();
    if (signal.aborted) return;
    tell(`${member.name} 已退出，重新启动 · ended, starting it again`);
    try {
      await pause(AGAIN_AFTER_MS, undefined, { signal });
      await member.start();
      tell(`${member.name} 已恢复 · is back, process ${member.pid()}`);
    } catch (error) {
      if (signal.aborted) return;
      tell(`${member.name}: ${String(error)}`);
    }
  }
}
