import type { SilenceView } from "@hotgrid/contracts";
import { App, Button, Empty, Popconfirm, Table } from "antd";
import { useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLoaded } from "../../api/use-loaded.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { sharedPhrases } from "../../language/shared-phrases.ts";
import { useNow } from "../../time/clock-context.tsx";
import { spanText } from "../../time/spans.ts";
import { useConsole } from "../console-context.ts";
import { useLive } from "../live/use-live-city.ts";
import { operatorPhrases } from "../phrases.ts";
import { Failure } from "../shell/failure.tsx";
import { notificationPhrases } from "./phrases.ts";
import { SilenceForm } from "./silence-form.tsx";

export function SilenceList() {
  const text = useText(notificationPhrases);
  const { message } = App.useApp();
  const { data, error, busy, reload } = useLoaded<{ items: readonly SilenceView[] }>("/silences");
  const [writing, setWriting] = useState(false);
  const close = (done: boolean) => {
    setWriting(false);
    if (!done) return;
    void message.success(text("silence.added"));
    reload();
  };
  return (
    <>
      <div className="list-head">
        <h2>{text("silence.title")}</h2>
        <Button type="primary" data-testid="silence-add" onClick={() => setWriting(true)}>
          {text("silence.add")}
        </Button>
      </div>
      <p className="hint">{text("silence.hint")}</p>
      {error === null ? (
        <Silences silences={data?.items ?? []} busy={busy} reload={reload} />
      ) : (
        <Failure error={error} retry={reload} />
      )}
      {writing ? <SilenceForm close={close} /> : null}
    </>
  );
}

interface SilencesProps {
  readonly silences: readonly SilenceView[];
  readonly busy: boolean;
  readonly reload: () => void;
}

function Silences({ silences, busy, reload }: SilencesProps) {
  const text = useText(notificationPhrases);
  const words = useText(operatorPhrases);
  return (
    <Table<SilenceView>
      size="small"
      rowKey="id"
      pagination={false}
      loading={busy && silences.length === 0}
      scroll={{ x: 720 }}
      dataSource={silences}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text("silence.none")} /> }}
      onRow={({ id }) => ({ "data-testid": "silence", "data-silence-id": id }) as object}
      columns={[
        { title: text("silence.matches"), key: "what", render: (_, silence) => <Matches silence={silence} /> },
        { title: text("silence.until"), key: "until", width: 170, render: (_, silence) => <Until silence={silence} /> },
        { title: text("silence.author"), dataIndex: "author", width: 120 },
        { title: text("silence.reason"), dataIndex: "reason" },
        {
          title: <span className="visually-hidden">{words("ticket.actions")}</span>,
          key: "end",
          width: 110,
          render: (_, silence) => (silence.mayEnd ? <EndButton silence={silence} done={reload} /> : null),
        },
      ]}
    />
  );
}

function Matches({ silence: { divisionNames, kind, stationId } }: { silence: SilenceView }) {
  const text = useText(notificationPhrases);
  const words = useText(sharedPhrases);
  const station = useLive((state) => (stationId === null ? undefined : state.stations.get(stationId)));
  return (
    <>
      {divisionNames.join(" ")}
      <div className="hint">
        {kind === null ? text("silence.anyKind") : words(`kind.${kind}`)}
        {" · "}
        {stationId === null ? text("silence.anyStation") : (station?.name ?? stationId)}
      </div>
    </>
  );
}

function Until({ silence }: { silence: SilenceView }) {
  const text = useText(notificationPhrases);
  const words = useText(sharedPhrases);
  const { time } = useConsole();
  const now = useNow(1000);
  const endsAt = Date.parse(silence.endsAt);
  return (
    <>
      {time.short(endsAt)}
      <div className="hint">{text("silence.left", { time: spanText(Math.max(0, endsAt - now), words) })}</div>
    </>
  );
}

function EndButton({ silence, done }: { silence: SilenceView; done: () => void }) {
  const text = useText(notificationPhrases);
  const { language } = useLanguage();
  const { message } = App.useApp();
  const end = () =>
    call(`/silences/${silence.id}/end`, { method: "POST", body: {} }).then(
      () => {
        void message.success(text("silence.ended"));
        done();
      },
      (error: unknown) => void message.error(describeError(error, language)),
    );
  return (
    <Popconfirm
      title={text("silence.endAsk")}
      onConfirm={end}
      okButtonProps={{ ...{ "data-testid": "silence-end-yes" } }}
    >
      <Button size="small" data-testid="silence-end">
        {text("silence.end")}
      </Button>
    </Popconfirm>
  );
}
