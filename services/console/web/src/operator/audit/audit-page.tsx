import { AUDIT_SUBJECTS, type AuditRecord } from "@hotgrid/contracts";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { usePages } from "../../api/use-pages.ts";
import { useLanguage, useText } from "../../language/language-context.tsx";
import { fromLocalInput } from "../../time/local-input.ts";
import { useConsole } from "../console-context.ts";
import { PagedBody } from "../paged-body.tsx";
import { operatorPhrases } from "../phrases.ts";
import { AuditTable } from "./audit-table.tsx";
import { ChainState } from "./chain-state.tsx";
import { FalseAlarms } from "./false-alarms.tsx";
import { auditPhrases } from "./phrases.ts";
import { subjectText } from "./subject-text.ts";

/** As the API gives it: with the time in the city's offset. */
export type AuditLine = Omit<AuditRecord, "at"> & { readonly at: string };
type Subject = AuditRecord["subject"];

interface Filter {
  readonly subject: Subject | "";
  readonly account: string;
  /** As inputs of type datetime-local have them. */
  readonly from: string;
  readonly to: string;
}

const NO_FILTER: Filter = { subject: "", account: "", from: "", to: "" };

export default function AuditPage() {
  const text = useText(auditPhrases);
  const { session, navigation } = useConsole();
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const moment = (local: string) => fromLocalInput(local, session.utcOffset) ?? "";
  const list = usePages<AuditLine>("/audit", {
    ...{ id: navigation.route.about ?? "", subject: filter.subject, account: filter.account },
    ...{ from: moment(filter.from), to: moment(filter.to) },
  });
  return (
    <section className="list-page" aria-label={text("audit.title")} data-testid="audit-page">
      <h2>{text("audit.title")}</h2>
      <p className="hint">{text("audit.hint")}</p>
      <ChainState />
      <FalseAlarms />
      <Filters filter={filter} change={setFilter} refresh={list.reload} />
      <PagedBody list={list}>
        <AuditTable lines={list.items} busy={list.busy} />
      </PagedBody>
    </section>
  );
}

interface FiltersProps {
  readonly filter: Filter;
  readonly change: (filter: Filter) => void;
  readonly refresh: () => void;
}

/** The subject's id lies in the address: a ticket links here. */
function Filters({ filter, change, refresh }: FiltersProps) {
  const text = useText(auditPhrases);
  const words = useText(operatorPhrases);
  const { language } = useLanguage();
  const { navigation } = useConsole();
  const about = navigation.route.about ?? "";
  return (
    <div className="board-filters">
      <Select<Subject | "">
        aria-label={text("audit.subject")}
        value={filter.subject}
        onChange={(subject) => change({ ...filter, subject })}
        options={[
          { value: "", label: text("audit.anySubject") },
          ...AUDIT_SUBJECTS.map((value) => ({ value, label: subjectText(value, language) })),
        ]}
      />
      <Input.Search
        key={about}
        allowClear
        aria-label={text("audit.id")}
        placeholder={text("audit.id")}
        defaultValue={about}
        maxLength={120}
        onSearch={(id) => navigation.goTo("audit", id.trim() === "" ? undefined : id.trim())}
        data-testid="audit-id"
      />
      <Input.Search
        allowClear
        aria-label={text("audit.byAccount")}
        placeholder={text("audit.byAccount")}
        maxLength={80}
        onSearch={(account) => change({ ...filter, account: account.trim() })}
        data-testid="audit-account"
      />
      <Input
        type="datetime-local"
        aria-label={text("audit.from")}
        prefix={text("audit.fromShort")}
        value={filter.from}
        onChange={({ target }) => change({ ...filter, from: target.value })}
      />
      <Input
        type="datetime-local"
        aria-label={text("audit.to")}
        prefix={text("audit.toShort")}
        value={filter.to}
        onChange={({ target }) => change({ ...filter, to: target.value })}
      />
      <Button onClick={refresh}>{words("list.refresh")}</Button>
    </div>
  );
}
