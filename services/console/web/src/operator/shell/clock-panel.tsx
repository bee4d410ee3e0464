import type { DemoClockView } from "@hotgrid/contracts";
import { App, Segmented, Tag } from "antd";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useNow, useServerClock } from "../../time/clock-context.tsx";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { mayDirect } from "./page-access.ts";

const SPEEDS = [0, 1, 10, 30] as const;

export function ClockPanel({ takeClock }: { takeClock: (view: DemoClockView) => void }) {
  const text = useText(operatorPhrases);
  const { session, time } = useConsole();
  const now = useNow();
  const demo = session.mode === "demo";
  return (
    <div className={demo ? "clock clock-demo" : "clock"}>
      {demo ? <Tag color="gold">{text("demo.mark")}</Tag> : null}
      <time
        className="clock-time"
        data-testid="clock"
        data-ms={Math.round(now)}
        title={text(demo ? "demo.clock" : "clock.city")}
      >
        {time.full(now)}
      </time>
      {demo && mayDirect(session.account.role) ? <SpeedControl takeClock={takeClock} /> : null}
    </div>
  );
}

function SpeedControl({ takeClock }: { takeClock: (view: DemoClockView) => void }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const { speed } = useServerClock();
  const set = (wanted: number) =>
    call<DemoClockView>("/demo/clock", { method: "PUT", body: { speed: wanted } }).then(
      takeClock,
      (error: unknown) => void message.error(text("demo.speedFailed", { reason: describeError(error, language) })),
    );
  const speeds = [...new Set([...SPEEDS, speed])].sort((a, b) => a - b);
  return (
    <Segmented<number>
      size="small"
      aria-label={text("demo.speed")}
      data-testid="demo-speed"
      value={speed}
      options={speeds.map((value) => ({ value, label: value === 0 ? text("demo.pause") : `${value}×` }))}
      onChange={(wanted) => void set(wanted)}
    />
  );
}
