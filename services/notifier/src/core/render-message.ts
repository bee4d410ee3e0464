import { createHash } from "node:crypto";
import type { ObligationKind, Severity } from "@hotgrid/contracts";
import type { Bundle } from "./bundle.ts";
import { bySeverity, type News, type Step, type Text } from "./news.ts";
import type { Person } from "./plan-items.ts";

/** What one receiver gets, once. */
export interface OutboundMessage {
  /** The same for every attempt: whoever gets it twice can tell. */
  readonly id: string;
  readonly receiver: string;
  /** Phone, or "". */
  readonly address: string;
  /** Epoch ms UTC. */
  readonly at: number;
  readonly title: string;
  readonly lines: readonly string[];
  readonly mentions: readonly Person[];
  /** The latest of each subject, worst first. */
  readonly news: readonly News[];
}

export interface Rendering {
  readonly language: "zh" | "en" | "both";
  /** Of the city's local time from UTC. */
  readonly offsetMinutes: number;
  /** Address of the console without a slash at its end; null: messages have no link. */
  readonly console: string | null;
}

const STEP: Readonly<Record<Step, Text>> = {
  opened: { zh: "新工单", en: "New ticket" },
  reopened: { zh: "工单重开", en: "Ticket reopened" },
  assigned: { zh: "工单转来", en: "Ticket handed over" },
  escalated: { zh: "工单升级", en: "Ticket escalated" },
  overdue: { zh: "已超时限", en: "Overdue" },
  supervised: { zh: "督办", en: "Pressed from above" },
  worse: { zh: "等级升高", en: "Severity rose" },
  recovered: { zh: "监测恢复", en: "Air clean again" },
  relapsed: { zh: "未恢复，继续处置", en: "Not recovered, go on" },
  verification: { zh: "待核查", en: "To be verified" },
  "to-verify": { zh: "请核查", en: "To be verified by you" },
  suspended: { zh: "挂账", en: "Suspended" },
  resumed: { zh: "挂账到期", en: "Resumed" },
  closed: { zh: "已办结", en: "Closed" },
  "due-soon": { zh: "临近时限", en: "Due soon" },
  reminder: { zh: "仍未响应", en: "Still unanswered" },
  interference: { zh: "疑似干扰监测，须上级核查", en: "Suspected interference, the level above has to look" },
  "inspection-lapsed": { zh: "第三方核查逾期", en: "Third-party inspection lapsed" },
  notice: { zh: "通报", en: "Notice" },
  "notice-over": { zh: "通报解除", en: "Notice over" },
};
const SEVERITY: Readonly<Record<Severity, Text>> = {
  red: { zh: "红色", en: "red" },
  orange: { zh: "橙色", en: "orange" },
  yellow: { zh: "黄色", en: "yellow" },
};
const DUE: Readonly<Partial<Record<ObligationKind, Text>>> = {
  respond: { zh: "前响应", en: "respond by" },
  handle: { zh: "前处置", en: "handle by" },
  feedback: { zh: "前反馈", en: "feed back by" },
  verify: { zh: "前核查", en: "verify by" },
};

/** In words, short: place, what, deadline, ticket, link. */
export function renderMessage(bundle: Bundle, at: number, rendering: Rendering): OutboundMessage {
  const news = latestOfEach(bundle.items.map((item) => item.news));
  const languages = rendering.language === "both" ? (["zh", "en"] as const) : ([rendering.language] as const);
  const [only] = news;
  const one = news.length === 1 && only !== undefined ? only : null;
  const title = languages.map((l) => (one ? titleOfOne(one, l) : titleOfMany(news, l))).join(" · ");
  const lines = languages.flatMap((l) =>
    one ? detailsOf(one, l, rendering) : news.map((n) => lineOf(n, l, rendering)),
  );
  const relayed = [...new Set(bundle.items.flatMap(({ relayedFor }) => relayedFor ?? []))];
  if (relayed.length > 0) lines.unshift(...languages.map((l) => relayedLine(relayed, l)));
  const mentions = [...new Map(bundle.items.flatMap((item) => item.mentions).map((p) => [p.phone, p])).values()];
  const { receiver, address } = bundle;
  const link = linkTo(one, rendering.console);
  const id = createHash("sha256")
    .update(bundle.items.map((item) => item.id).join("\n"))
    .digest("hex")
    .slice(0, 32);
  return { id, receiver, address, at, title, lines: link === null ? lines : [...lines, link], mentions, news };
}

/** Why it comes to the level above. */
const relayedLine = (names: readonly string[], language: "zh" | "en"): string =>
  language === "zh"
    ? `${names.join("、")} 本时段的通知已达上限，转报上级，请协调`
    : `${names.join(", ")} had all the pages of the hour: this comes to you instead`;

function latestOfEach(news: readonly News[]): News[] {
  const latest = new Map<string, News>();
  for (const one of news) {
    const known = latest.get(one.subject.id);
    if (known === undefined || known.at <= one.at) latest.set(one.subject.id, one);
  }
  return [...latest.values()].toSorted((a, b) => bySeverity(a.subject.severity, b.subject.severity) || a.at - b.at);
}

type Language = "zh" | "en";
const NAME = { zh: "【热点网格】", en: "[Hotgrid] " } as const;

const titleOfOne = ({ step, subject }: News, language: Language): string =>
  `${NAME[language]}${STEP[step][language]} ${SEVERITY[subject.severity][language]}`;

function titleOfMany(news: readonly News[], language: Language): string {
  const counts = Object.entries(SEVERITY).flatMap(([severity, text]) => {
    const count = news.filter(({ subject }) => subject.severity === severity).length;
    return count === 0 ? [] : [`${text[language]} ${count}`];
  });
  return language === "zh"
    ? `${NAME.zh}${news.length} 条：${counts.join("、")}`
    : `${NAME.en}${news.length} items: ${counts.join(", ")}`;
}

const withoutBlank = (parts: readonly string[]): string[] => parts.filter((part) => part !== "");

const detailsOf = (news: News, language: Language, rendering: Rendering): string[] =>
  withoutBlank([news.subject.title[language], dueOf(news, language, rendering), whoOf(news), idOf(news, language)]);

const lineOf = (news: News, language: Language, rendering: Rendering): string =>
  withoutBlank([
    SEVERITY[news.subject.severity][language],
    STEP[news.step][language],
    news.subject.title[language],
    dueOf(news, language, rendering),
    news.subject.state === null ? "" : news.subject.id,
  ]).join(" ");

const whoOf = ({ by, note }: News): string => withoutBlank([by ?? "", note]).join("：");

const idOf = ({ subject }: News, language: Language): string =>
  subject.state === null ? "" : language === "zh" ? `工单 ${subject.id}` : `ticket ${subject.id}`;

/** "11-22 10:30", local. */
function dueOf({ due, subject }: News, language: Language, { offsetMinutes }: Rendering): string {
  const text = due === null || subject.isOver ? undefined : DUE[due.kind]?.[language];
  if (due === null || text === undefined) return "";
  const time = new Date(due.at + offsetMinutes * 60_000).toISOString().slice(5, 16).replace("T", " ");
  return language === "zh" ? `请于 ${time} ${text}` : `${text} ${time}`;
}

/** The officer's page of the ticket; of several, the list. A notice is on the operator's page. */
function linkTo(one: News | null, console: string | null): string | null {
  if (console === null) return null;
  if (one === null) return `${console}/#/tickets`;
  const id = encodeURIComponent(one.subject.id);
  return one.subject.state === null ? `${console}/#/feed?episode=${id}` : `${console}/officer#/tickets/${id}`;
}
