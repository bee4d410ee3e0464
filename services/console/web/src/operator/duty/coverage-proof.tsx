import type { CoverageView } from "@hotgrid/contracts";
import { Alert, Button, Collapse, Spin, Tag } from "antd";
import { useLoaded } from "../../api/use-loaded.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { Failure } from "../shell/failure.tsx";
import { dutyPhrases } from "./phrases.ts";

type Hole = CoverageView["holes"][number];
type Warning = CoverageView["warnings"][number];

/** Whether anybody is asked everywhere and at every hour of the next 30 days: the holes before everything else. */
export function CoverageProof() {
  const text = useText(dutyPhrases);
  const { data, error, busy, reload } = useLoaded<CoverageView>("/duty/coverage");
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (data === null)
    return (
      <p role="status">
        <Spin size="small" /> {text("coverage.checking")}
      </p>
    );
  const { holes, warnings } = data;
  return (
    <div data-testid="coverage" data-holes={holes.length}>
      <Alert
        type={holes.length === 0 ? "success" : "error"}
        showIcon
        title={holes.length === 0 ? text("coverage.whole") : text("coverage.holes", { n: holes.length })}
        description={<Checked coverage={data} />}
        action={
          <Button size="small" loading={busy} onClick={reload}>
            {text("coverage.again")}
          </Button>
        }
      />
      {holes.length === 0 ? null : (
        <ul className="lines">
          {holes.map((hole) => (
            <HoleLine key={`${hole.reason} ${hole.names.join(" ")}`} hole={hole} />
          ))}
        </ul>
      )}
      {warnings.length === 0 ? null : <Warnings warnings={warnings} />}
    </div>
  );
}

function Checked({ coverage: { from, to, checked } }: { coverage: CoverageView }) {
  const text = useText(dutyPhrases);
  const { time } = useConsole();
  const span = { from: time.short(Date.parse(from)), to: time.short(Date.parse(to)) };
  return text("coverage.checked", { ...span, ...checked });
}

function HoleLine({ hole }: { hole: Hole }) {
  const text = useText(dutyPhrases);
  const { language } = useLanguage();
  const { navigation } = useConsole();
  const { division, names, reason, cells, stations, remedy, spans } = hole;
  return (
    <li data-testid="coverage-hole" data-division={division}>
      <Tag color="red">{text(`coverage.${reason}`)}</Tag>
      <strong>{names.join(" ")}</strong>
      <Spans spans={spans} />
      <span className="hint">{text("coverage.concerned", { cells, stations })}</span>
      <p className="remedy">{remedy[language]}</p>
      {division === null ? null : (
        <button type="button" className="link" onClick={() => navigation.goTo("duty", division)}>
          {text("coverage.look")}
        </button>
      )}
    </li>
  );
}

/** As many as are read at a glance; the rest is counted. */
const SHOWN = 3;

function Spans({ spans }: { spans: Hole["spans"] }) {
  const text = useText(dutyPhrases);
  const { time } = useConsole();
  const short = (iso: string) => time.short(Date.parse(iso));
  return (
    <>
      {spans.slice(0, SHOWN).map(({ from, to }) => (
        <time key={from} dateTime={from}>
          {short(from)} – {short(to)}
        </time>
      ))}
      {spans.length > SHOWN ? <span className="hint">{text("coverage.more", { n: spans.length - SHOWN })}</span> : null}
    </>
  );
}

function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const text = useText(dutyPhrases);
  const { language } = useLanguage();
  const lines = (
    <ul className="lines" data-testid="coverage-warnings">
      {warnings.map(({ remedy, spans }) => (
        <li key={remedy.en}>
          <Spans spans={spans} />
          <span>{remedy[language]}</span>
        </li>
      ))}
    </ul>
  );
  const label = text("coverage.warnings", { n: warnings.length });
  return <Collapse ghost items={[{ key: "warnings", label, children: lines }]} />;
}
