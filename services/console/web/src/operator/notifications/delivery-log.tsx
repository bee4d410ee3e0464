import type { NotificationMessageView } from "@hotgrid/contracts";
import { Button, Empty, Select, Table } from "antd";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { useConsole } from "../console-context.ts";
import { DetailsTitle } from "../details-title.tsx";
import { PagedBody } from "../paged-body.tsx";
import { operatorPhrases } from "../phrases.ts";
import { stepText } from "./known-phrase.ts";
import { Attempts, MessageState } from "./message-attempts.tsx";
import { notificationPhrases } from "./phrases.ts";

type State = NotificationMessageView["state"];
const STATES = ["pending", "sent", "failed"] as const satisfies readonly State[];

/** Every message, with every attempt to deliver it. */
export function DeliveryLog() {
  const text = useText(notificationPhrases);
  const words = useText(operatorPhrases);
  const [state, setState] = useState<State | "">("");
  const list = usePages<NotificationMessageView>("/notifications", { state });
  return (
    <>
      <h2>{text("delivery.title")}</h2>
      <div className="board-filters">
        <Select<State | "">
          aria-label={text("delivery.state")}
          value={state}
          onChange={setState}
          options={[
            { value: "", label: text("delivery.anyState") },
            ...STATES.map((value) => ({ value, label: text(`delivery.${value}`) })),
          ]}
        />
        <Button onClick={list.reload} data-testid="delivery-refresh">
          {words("list.refresh")}
        </Button>
      </div>
      <PagedBody list={list}>
        <Messages messages={list.items} busy={list.busy} />
      </PagedBody>
    </>
  );
}

function Messages({ messages, busy }: { messages: readonly NotificationMessageView[]; busy: boolean }) {
  const text = useText(notificationPhrases);
  const { time } = useConsole();
  return (
    <Table<NotificationMessageView>
      size="small"
      rowKey="id"
      pagination={false}
      loading={busy && messages.length === 0}
      scroll={{ x: 760 }}
      dataSource={messages}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text("delivery.none")} /> }}
      onRow={({ id, state }) => ({ "data-testid": "message", "data-message-id": id, "data-state": state }) as object}
      expandable={{ columnTitle: <DetailsTitle />, expandedRowRender: (message) => <Attempts message={message} /> }}
      columns={[
        {
          title: text("delivery.at"),
          key: "at",
          width: 160,
          render: (_, { createdAt }) => time.full(Date.parse(createdAt)),
        },
        {
          title: text("delivery.receiver"),
          key: "receiver",
          width: 150,
          render: (_, { receiver, address }) => (
            <>
              {receiver}
              <div className="hint">{address}</div>
            </>
          ),
        },
        { title: text("delivery.message"), dataIndex: "title" },
        { title: text("delivery.tickets"), key: "tickets", render: (_, message) => <Subjects message={message} /> },
        { title: text("delivery.state"), key: "state", width: 150, render: (_, one) => <MessageState message={one} /> },
      ]}
    />
  );
}

function Subjects({ message: { subjects } }: { message: NotificationMessageView }) {
  const { language } = useLanguage();
  const { navigation } = useConsole();
  const tickets = /^\d{6}-/;
  return (
    <span className="links">
      {subjects.map(({ id, step }) => (
        <button
          key={`${id} ${step}`}
          type="button"
          className="link"
          onClick={() => navigation.open(tickets.test(id) ? "ticket" : "episode", id)}
        >
          {tickets.test(id) ? id : ""} {stepText(step, language)}
        </button>
      ))}
    </span>
  );
}
