import { DEAD_LETTER_REASONS, type DeadLetterReason, type DeadLetterView } from "@hotgrid/contracts";
import { Button, Empty, Input, Result, Select, Table, Tag } from "antd";
import { useCallback, useEffect, useState } from "react";
import { describeError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { operatorPhrases } from "../phrases.ts";
import { decodeRaw } from "./decode-raw.ts";

interface Filter {
  readonly reason: DeadLetterReason | null;
  readonly station: string;
}

export function DeadLettersPage() {
  const text = useText(operatorPhrases);
  const { language } = useLanguage();
  const [filter, setFilter] = useState<Filter>({ reason: null, station: "" });
  const { letters, error, busy, more, load } = useDeadLetters(filter);
  return (
    <section className="dead-letters" aria-label={text("page.dead-letters")}>
      <h2>{text("dead.title")}</h2>
      <p className="hint">{text("dead.hint")}</p>
      <Filters change={setFilter} filter={filter} refresh={() => load(null)} />
      {error === null ? (
        <Letters letters={letters} busy={busy} />
      ) : (
        <Result
          status="warning"
          title={describeError(error, language)}
          extra={<Button onClick={() => load(null)}>{text("retry")}</Button>}
        />
      )}
      {more === null || error !== null ? null : (
        <Button block loading={busy} onClick={() => load(more)}>
          {text("dead.more")}
        </Button>
      )}
    </section>
  );
}

interface Page {
  readonly items: readonly DeadLetterView[];
  readonly nextCursor: string | null;
}

const PAGE_SIZE = 50;

function useDeadLetters({ reason, station }: Filter) {
  const [letters, setLetters] = useState<readonly DeadLetterView[]>([]);
  const [more, setMore] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(true);
  const load = useCallback(
    (cursor: string | null) => {
      const query = new URLSearchParams({
        limit: String(PAGE_SIZE),
        ...(reason === null ? {} : { reason }),
        ...(station === "" ? {} : { station }),
        ...(cursor === null ? {} : { cursor }),
      });
      setBusy(true);
      setError(null);
      call<Page>(`/dead-letters?${query}`)
        .then(({ items, nextCursor }) => {
          setLetters((before) => (cursor === null ? items : [...before, ...items]));
          setMore(nextCursor);
        }, setError)
        .finally(() => setBusy(false));
    },
    [reason, station],
  );
  useEffect(() => load(null), [load]);
  return { letters, error, busy, more, load };
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
      <Button onClick={refresh}>{text("dead.refresh")}</Button>
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
      expandable={{ expandedRowRender: (letter) => <Raw letter={letter} /> }}
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
