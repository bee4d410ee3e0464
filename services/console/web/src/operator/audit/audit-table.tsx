import { Empty, Table } from "antd";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { noteText } from "../../tickets/reason-text.ts";
import { useConsole } from "../console-context.ts";
import { DetailsTitle } from "../details-title.tsx";
import type { AuditLine } from "./audit-page.tsx";
import { deedText } from "./deed-text.ts";
import { auditPhrases } from "./phrases.ts";
import { subjectText } from "./subject-text.ts";

export function AuditTable({ lines, busy }: { lines: readonly AuditLine[]; busy: boolean }) {
  const text = useText(auditPhrases);
  const { time } = useConsole();
  return (
    <Table<AuditLine>
      size="small"
      rowKey="seq"
      pagination={false}
      loading={busy && lines.length === 0}
      scroll={{ x: 860 }}
      dataSource={lines}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text("audit.none")} /> }}
      onRow={({ seq, action }) => ({ "data-testid": "audit-line", "data-seq": seq, "data-action": action }) as object}
      expandable={{ columnTitle: <DetailsTitle />, expandedRowRender: (line) => <Details line={line} /> }}
      columns={[
        { title: text("audit.seq"), dataIndex: "seq", width: 80 },
        { title: text("audit.at"), key: "at", width: 170, render: (_, { at }) => time.full(Date.parse(at)) },
        { title: text("audit.account"), key: "account", width: 150, render: (_, line) => <Account line={line} /> },
        { title: text("audit.subject"), key: "subject", width: 180, render: (_, line) => <Subject line={line} /> },
        { title: text("audit.action"), key: "action", width: 140, render: (_, line) => <Action line={line} /> },
        { title: text("audit.note"), key: "note", render: (_, line) => <Note line={line} /> },
      ]}
    />
  );
}

function Account({ line: { account, address } }: { line: AuditLine }) {
  const text = useText(auditPhrases);
  return (
    <>
      {account === "system" ? text("audit.system") : account}
      {address === null ? null : <div className="hint">{address}</div>}
    </>
  );
}

function Subject({ line: { subject, subjectId } }: { line: AuditLine }) {
  const { language } = useLanguage();
  const { navigation } = useConsole();
  return (
    <>
      {subjectText(subject, language)}
      <div>
        {subject === "ticket" ? (
          <button type="button" className="link" onClick={() => navigation.open("ticket", subjectId)}>
            {subjectId}
          </button>
        ) : (
          <span className="hint">{subjectId}</span>
        )}
      </div>
    </>
  );
}

function Action({ line }: { line: AuditLine }) {
  const { language } = useLanguage();
  return <>{deedText(line, language)}</>;
}

function Note({ line: { account, details } }: { line: AuditLine }) {
  const { language } = useLanguage();
  const note = details["note"];
  if (typeof note !== "string") return null;
  return <>{account === "system" ? noteText(note, language) : note}</>;
}

function Details({ line }: { line: AuditLine }) {
  return (
    <div className="raw">
      <pre>{JSON.stringify(line.details, null, 2)}</pre>
      <p className="hint">
        SHA-256 <code>{line.hash}</code>
      </p>
    </div>
  );
}
