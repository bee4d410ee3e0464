import type { InspectorView } from "@hotgrid/contracts";
import { App, Button, Empty, Popconfirm, Table, Tag } from "antd";
import { useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLoaded } from "../../api/use-loaded.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { Failure } from "../shell/failure.tsx";
import { GrantForm } from "./grant-form.tsx";
import { inspectionPhrases } from "./phrases.ts";

/** Who may inspect what until when. */
export function GrantList() {
  const text = useText(inspectionPhrases);
  const { message } = App.useApp();
  const { data, error, reload } = useLoaded<{ items: readonly InspectorView[] }>("/inspectors");
  const [granting, setGranting] = useState<InspectorView | null>(null);
  const close = (done: boolean) => {
    setGranting(null);
    if (!done) return;
    void message.success(text("grant.done"));
    reload();
  };
  return (
    <>
      <h3>{text("grant.title")}</h3>
      {error === null ? (
        <Inspectors inspectors={data?.items ?? []} busy={data === null} grant={setGranting} reload={reload} />
      ) : (
        <Failure error={error} retry={reload} />
      )}
      {granting === null ? null : <GrantForm inspector={granting} close={close} />}
    </>
  );
}

interface InspectorsProps {
  readonly inspectors: readonly InspectorView[];
  readonly busy: boolean;
  readonly grant: (inspector: InspectorView) => void;
  readonly reload: () => void;
}

function Inspectors({ inspectors, busy, grant, reload }: InspectorsProps) {
  const text = useText(inspectionPhrases);
  const words = useText(operatorPhrases);
  return (
    <Table<InspectorView>
      size="small"
      rowKey="id"
      pagination={false}
      loading={busy}
      scroll={{ x: 640 }}
      dataSource={inspectors}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text("grant.none")} /> }}
      onRow={({ id }) => ({ "data-testid": "inspector", "data-inspector-id": id }) as object}
      columns={[
        {
          title: text("grant.who"),
          key: "who",
          render: (_, { id, name }) => (
            <>
              {name} <span className="hint">{id}</span>
            </>
          ),
        },
        { title: text("grant.where"), key: "where", render: (_, inspector) => <Grant inspector={inspector} /> },
        {
          title: <span className="visually-hidden">{words("ticket.actions")}</span>,
          key: "do",
          width: 200,
          render: (_, inspector) =>
            inspector.mayGrant ? <Buttons inspector={inspector} grant={grant} reload={reload} /> : null,
        },
      ]}
    />
  );
}

function Grant({ inspector: { grant } }: { inspector: InspectorView }) {
  const text = useText(inspectionPhrases);
  const { time } = useConsole();
  if (grant === null) return <Tag>{text("grant.notGranted")}</Tag>;
  return (
    <span data-testid="grant" data-active={grant.active}>
      {grant.divisionNames.join(" ")}{" "}
      <Tag color={grant.active ? "green" : "red"}>{text(grant.active ? "grant.active" : "grant.expired")}</Tag>
      <div className="hint">
        {text("grant.until")} {time.full(Date.parse(grant.until))} ·{" "}
        {text("grant.by", { name: grant.grantedBy === "system" ? text("grant.system") : grant.grantedBy })}
      </div>
    </span>
  );
}

interface ButtonsProps extends Pick<InspectorsProps, "grant" | "reload"> {
  readonly inspector: InspectorView;
}

function Buttons({ inspector, grant, reload }: ButtonsProps) {
  const text = useText(inspectionPhrases);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const active = inspector.grant?.active ?? false;
  const revoke = () =>
    call(`/inspectors/${encodeURIComponent(inspector.id)}/grant`, { method: "DELETE" }).then(
      () => {
        void message.success(text("grant.revoked"));
        reload();
      },
      (error: unknown) => void message.error(describeError(error, language)),
    );
  return (
    <span className="links">
      <Button size="small" data-testid="grant-give" onClick={() => grant(inspector)}>
        {text(active ? "grant.renew" : "grant.give")}
      </Button>
      {active ? (
        <Popconfirm
          title={text("grant.revokeAsk")}
          onConfirm={revoke}
          okButtonProps={{ ...{ "data-testid": "grant-revoke-yes" } }}
        >
          <Button size="small" danger data-testid="grant-revoke">
            {text("grant.revoke")}
          </Button>
        </Popconfirm>
      ) : null}
    </span>
  );
}
