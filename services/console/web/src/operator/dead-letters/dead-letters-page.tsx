import { DEAD_LETTER_REASONS, type DeadLetterReason, type DeadLetterView } from "@hotgrid/contracts";
import { Button, Empty, Input, Select, Table, Tag } from "antd";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { DetailsTitle } from "../details-title.tsx";
import { PagedBody } from "../paged-body.tsx";
import { operatorPhrases } from "../phrases.ts";
import { decodeRaw } from "./decode-raw.ts";

interface Filter {
  readonly reason: DeadLetterReason | null;
  readonly station: string;
}

export default function DeadLettersPage() {
  const text = useText(operatorPhrases);
  const [filter, setFilter] = useState<Filter>({ reason: null, station: "" });
  const { reason, station } = filter;
  const list = usePages<DeadLetterView>("/dead-letters", {
    reason: reason ?? "",
    station,
  });
  return (
    <section className="list-page" aria-label={text("page.dead-letters")} data-testid="dead-letters-page">
      <h2>{text("dead.title")}</h2>
      <p className="hint">{text("dead.hint")}</p>
      <Filters change={setFilter} filter={filter} refresh={list.reload} />
      <PagedBody list={list}>
        <Letters letters={list.items} busy={list.busy} />
      </PagedBody>
    </section>
  );
}

interface FiltersProps {
  readonly filter: Filter;
  readonly change: (filter: Filter) => void;
  readonly refresh: () => void;
}

function Filters({ filter, change, refresh }: FiltersProps) {
  const text = useText(operatorPhrases);
  return (
    <div className="board-filters">
      <Select<DeadLetterReason | "">
        aria-label={text("dead.reason")}
        value={filter.reason ?? ""}
        onChange={(reason) => change({ ...filter, reason: reason === "" ? null : reason })}
        options={[
          { value: "", label: text("dead.allReasons") },
          ...DEAD_LETTER_REASONS.map((reason) => ({ value: reason, label: text(`reason.${reason}`) })),
        ]}
      />
      <Input.Search
        allowClear
        aria-label={text("dead.stationFilter")}
        placeholder={text("dead.stationFilter")}
        onSearch={(station) => change({ ...filter, station: station.trim() })}
      />
      <Button onClick={refresh}>{text("list.refresh")}</Button>
    </div>
  );
}

function Letters({ letters, busy }: { letters: readonly DeadLetterView[]; busy: boolean }) {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const { time } = useConsole();
  return (
    <Table<DeadLetterView>
      size="small"
      rowKey="id"
      pagination={false}
      loading={busy && letters.length === 0}
      dataSource={letters}
      scroll={{ x: 760 }}
      locale={{ emptyText: <Empty description={text("dead.empty")} /> }}
      expandable={{ columnTitle: <DetailsTitle />, expandedRowRender: (letter) => <Raw letter={letter} /> }}
      columns={[
        { title: text("dead.at"), dataIndex: "at", width: 170, render: (at: string) => time.full(Date.parse(at)) },
        {
          title: text("dead.reason"),
          dataIndex: "reason",
          width: 140,
          render: (reason: DeadLetterReason) => <Tag color="orange">{text(`reason.${reason}`)}</Tag>,
        },
        {
          title: text("dead.station"),
          dataIndex: ["source", "stationId"],
          width: 150,
          render: (stationId: string | null) => stationId ?? text("dead.unknown"),
        },
        {
          title: text("dead.message"),
          dataIndex: "message",
          render: (message: DeadLetterView["message"]) => message[language],
        },
      ]}
    />
  );
}

function Raw({ letter }: { letter: DeadLetterView }) {
  const text = useText(operatorPhrases);
  const raw = decodeRaw(letter.raw);
  return (
    <div className="raw">
      <p className="hint">
        {text("dead.subject")}: <code>{letter.source.subject}</code>
        {letter.field === "" ? null : <code> {letter.field}</code>}
      </p>
      <p className="hint">
        {raw.bytes < letter.rawBytes
          ? text("dead.rawCut", { n: letter.rawBytes, kept: raw.bytes })
          : text("dead.raw", { n: letter.rawBytes })}
        {raw.binary ? ` · ${text("dead.binary")}` : null}
      </p>
      <pre>{raw.text}</pre>
    </div>
  );
}
