import type { FalseAlarmsView } from "@hotgrid/contracts";
import { Collapse, Table } from "antd";
import { useLoaded } from "../../api/use-loaded.ts";
import { useText } from "../../language/language-context.tsx";
import { sharedPhrases } from "../../language/shared-phrases.ts";
import { Failure } from "../shell/failure.tsx";
import { auditPhrases } from "./phrases.ts";

/** What the rules raised and nobody found: for who decides whether a rule is too eager. */
export function FalseAlarms() {
  const text = useText(auditPhrases);
  const words = useText(sharedPhrases);
  const { data, error, reload } = useLoaded<FalseAlarmsView>("/false-alarms");
  if (error !== null) return <Failure error={error} retry={reload} />;
  if (data === null) return null;
  const shares = data.kinds.map(({ kind, closed, falseAlarms }) =>
    text("false.share", { kind: words(`kind.${kind}`), closed, falseAlarms }),
  );
  const label = shares.length === 0 ? text("false.none") : `${text("false.title")}：${shares.join("；")}`;
  const table = (
    <Table<FalseAlarmsView["rules"][number]>
      size="small"
      rowKey={({ ruleVersion, kind, reason }) => `${ruleVersion} ${kind} ${reason}`}
      pagination={false}
      scroll={{ x: 480 }}
      dataSource={data.rules}
      columns={[
        { title: text("false.rule"), dataIndex: "ruleVersion" },
        { title: text("false.kind"), key: "kind", render: (_, { kind }) => words(`kind.${kind}`) },
        { title: text("false.reason"), key: "reason", render: (_, { reason }) => words(`falseAlarm.${reason}`) },
        { title: text("false.count"), dataIndex: "count" },
      ]}
    />
  );
  return <Collapse size="small" data-testid="false-alarms" items={[{ key: "rules", label, children: table }]} />;
}
