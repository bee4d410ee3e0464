import type { DutyView } from "@hotgrid/contracts";
import { Table, Tag } from "antd";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { reasonPhrases } from "../../tickets/reason-phrases.ts";
import { routingText } from "../../tickets/reason-text.ts";
import { dutyPhrases } from "./phrases.ts";

type Level = DutyView["levels"][number];

/** From the place upwards: who is asked first stands first. */
export function DutyLevels({ duty }: { duty: DutyView }) {
  const text = useText(dutyPhrases);
  const words = useText(reasonPhrases);
  const { language } = useLanguage();
  return (
    <Table<Level>
      size="small"
      rowKey="division"
      pagination={false}
      scroll={{ x: 560 }}
      dataSource={[...duty.levels].reverse()}
      columns={[
        {
          title: text("duty.level"),
          key: "level",
          render: (_, { level, name }) => (
            <>
              <Tag>{words(`level.${level}`)}</Tag>
              {name}
            </>
          ),
        },
        { title: text("duty.officer"), key: "officer", render: (_, finding) => <OnDuty finding={finding} /> },
        {
          title: text("duty.phone"),
          key: "phone",
          render: (_, { officer }) => (officer === null ? null : <a href={`tel:${officer.phone}`}>{officer.phone}</a>),
        },
        { title: text("duty.why"), key: "why", render: (_, { reason }) => routingText(reason, language) },
      ]}
    />
  );
}

export function OnDuty({ finding }: { finding: Pick<Level, "officer" | "standsInFor"> }) {
  const text = useText(dutyPhrases);
  const { officer, standsInFor } = finding;
  if (officer === null) return <Tag color="red">{text("duty.nobody")}</Tag>;
  return (
    <span data-testid="on-duty" data-officer-id={officer.id}>
      <strong>{officer.name}</strong>
      {standsInFor === null ? null : <Tag color="orange">{text("duty.standsInFor", { name: standsInFor.name })}</Tag>}
    </span>
  );
}
