import type { InspectionDrawView } from "@hotgrid/contracts";
import { Table } from "antd";
import type { z } from "zod";
import { useLoaded } from "../../api/use-loaded.ts";
import { useText } from "../../language/language-context.tsx";
import { Failure } from "../shell/failure.tsx";
import { inspectionPhrases } from "./phrases.ts";

type Draw = z.infer<typeof InspectionDrawView>;

/** That nobody chose whom to inspect can be checked by everybody. */
export function DrawList() {
  const text = useText(inspectionPhrases);
  const { data, error, reload } = useLoaded<{ items: readonly Draw[] }>("/inspection-draws");
  return (
    <>
      <h3>{text("draw.title")}</h3>
      <p className="hint">{text("draw.hint")}</p>
      {error === null ? (
        <Table<Draw>
          size="small"
          rowKey="period"
          pagination={false}
          loading={data === null}
          scroll={{ x: 640 }}
          dataSource={data?.items ?? []}
          columns={[
            { title: text("draw.period"), dataIndex: "period", width: 110 },
            { title: text("draw.share"), key: "share", width: 90, render: (_, { share }) => `${share * 100}%` },
            { title: text("draw.digest"), key: "digest", render: (_, { keySha256 }) => <code>{keySha256}</code> },
            {
              title: text("draw.key"),
              key: "key",
              render: (_, { key }) => (key === null ? text("draw.notYet") : <code>{key}</code>),
            },
          ]}
        />
      ) : (
        <Failure error={error} retry={reload} />
      )}
    </>
  );
}
