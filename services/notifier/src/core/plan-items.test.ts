import { expect, test } from "vitest";
import { HOUR, START, testRules, ticketStep } from "../testing.ts";
import { testNews, testSubject } from "../testing-core.ts";
import type { Step } from "./news.ts";
import { newsOfTicket } from "./news-of-ticket.ts";
import { isStale, isUnreachable, type People, planItems, type ReceiverFacts } from "./plan-items.ts";
import { remindAgain } from "./remind-again.ts";
import { renderMessage } from "./render-message.ts";

const receiver = (changes: Partial<ReceiverFacts> = {}): ReceiverFacts => ({
  ...{ id: "r", reaches: "place", division: "330602", audiences: ["officers", "supervisors"] },
  ...changes,
});
const [holder, above] = [
  { name: "张三", phone: "138", devices: ["phone-of-zhang", "desk-of-zhang"] },
  { name: "李四", phone: "139", devices: [] },
];
const PEOPLE: People = { holder, above, duty: null };

test.each<[string, Step, Partial<ReceiverFacts>, readonly string[]]>([
  ["a new ticket is for its holder", "opened", { reaches: "phone" }, ["138"]],
  ["an escalation is for the holder and who is above", "escalated", { reaches: "phone" }, ["138", "139"]],
  ["suspected interference is for who is above", "interference", { reaches: "phone" }, ["139"]],
  ["a closing is for who is above", "closed", { reaches: "phone" }, ["139"]],
  ["every device of a person is told", "opened", { reaches: "device" }, ["phone-of-zhang", "desk-of-zhang"]],
  ["who has no device is not told on one", "closed", { reaches: "device" }, [""]],
  ["a group chat gets one message, whoever is called in it", "escalated", {}, [""]],
  ["a receiver gets its own audience's steps only", "opened", { audiences: ["supervisors"] }, []],
  ["a receiver gets its own division's news only", "opened", { division: "330603" }, []],
  ["a city's receiver gets all of it", "opened", { division: "330600" }, [""]],
])("%s", async (_rule, step, changes, addresses) => {
  const items = planItems(testNews(step), [receiver(changes)], PEOPLE, await testRules());
  expect(items.map(({ address }) => address)).toEqual(addresses);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
});

test("whoever is in two audiences is called once, and nobody to call is an item that says so", async () => {
  const rules = await testRules();
  const both = { ...PEOPLE, above: holder };
  expect(planItems(testNews("escalated"), [receiver({ reaches: "phone" })], both, rules)).toHaveLength(1);
  const nobody = { holder: null, above: null, duty: null };
  const [item] = planItems(testNews("opened"), [receiver({ reaches: "phone" })], nobody, rules);
  expect(item !== undefined && isUnreachable(item, [receiver({ reaches: "phone" })])).toBe(true);
  const [device] = planItems(testNews("closed"), [receiver({ reaches: "device" })], PEOPLE, rules);
  expect(device !== undefined && isUnreachable(device, [receiver({ reaches: "device" })])).toBe(true);
  const [chat] = planItems(testNews("opened"), [receiver()], nobody, rules);
  expect(chat !== undefined && isUnreachable(chat, [receiver()])).toBe(false);
});

test("news is stale after the hours of the rules", async () => {
  const rules = await testRules({ staleAfterHours: 1 });
  expect([HOUR, HOUR + 1].map((age) => isStale(testNews("opened"), age, rules))).toEqual([false, true]);
});

test("a reminder comes as often as the rules say, and only to who wants it", async () => {
  const rules = await testRules();
  const subject = testSubject();
  let [item] = planItems(testNews("opened"), [receiver()], PEOPLE, rules);
  const ids: string[] = [];
  while (item !== undefined) {
    item = remindAgain(item, subject, receiver(), rules, 0)?.item;
    if (item !== undefined) ids.push(item.id);
  }
  expect(ids).toEqual(["T1#1~1/r/", "T1#1~2/r/"]);
  const [soon] = planItems(testNews("due-soon"), [receiver()], PEOPLE, rules);
  expect(soon && remindAgain(soon, subject, receiver(), rules, 0)).toBeNull();
  const [first] = planItems(testNews("escalated"), [receiver()], PEOPLE, rules);
  expect(first && remindAgain(first, subject, receiver({ audiences: ["supervisors"] }), rules, 0)).toBeNull();
  expect(first && remindAgain(first, testSubject({ state: "handling" }), receiver(), rules, 0)).toBeNull();
});

const step = (action: Parameters<typeof ticketStep>[2]) => newsOfTicket(ticketStep("T1", 2, action))?.step ?? null;
test.each<[string, Parameters<typeof ticketStep>[2], Step | null]>([
  ["a ticket is opened", { action: "open" }, "opened"],
  ["it recurs or is reopened", { action: "reopen" }, "reopened"],
  ["a person hands it over", { action: "transfer" }, "assigned"],
  ["a clock escalates it", { action: "overdue-escalated" }, "escalated"],
  ["a clock finds it overdue", { action: "overdue-pressed" }, "overdue"],
  ["a supervisor presses it", { action: "supervise" }, "supervised"],
  ["its severity rises", { action: "episode-updated", entry: { note: "severity-rose" } }, "worse"],
  ["it only grows", { action: "episode-updated", entry: { note: "more-stations" } }, null],
  ["its source is placed better", { action: "episode-updated", entry: { note: "place-revised" } }, null],
  ["it reaches verification", { action: "recovered", entry: { from: "feedback", to: "verification" } }, "verification"],
  [
    "a supervisor has to verify it",
    { action: "recovered", entry: { from: "feedback", to: "verification", details: { verifiedBy: "supervisor" } } },
    "to-verify",
  ],
  ["a verification fails", { action: "verify", entry: { from: "verification", to: "handling" } }, "relapsed"],
  ["a station of it seems to be sprayed", { action: "interference-suspected" }, "interference"],
  ["it is a part of another", { action: "split", entry: { from: null } }, "opened"],
  ["a part was taken out of it", { action: "split" }, null],
  ["it is a false alarm", { action: "false-alarm" }, "closed"],
  ["an inspection is passed", { action: "inspect", entry: { from: "closed", to: "closed" } }, null],
  ["an inspection is not passed", { action: "inspect", entry: { from: "closed" } }, "reopened"],
  [
    "nobody inspected it",
    { action: "inspection-lapsed", entry: { from: "closed", to: "closed" } },
    "inspection-lapsed",
  ],
  ["the officer works on it", { action: "handle" }, null],
  ["somebody comments", { action: "comment" }, null],
])("news is what somebody has to know: %s", (_rule, action, expected) => {
  expect(step(action)).toBe(expected);
});

test("a message is short and whole: place, what, deadline, who, ticket, link, in the language of the rules", async () => {
  const by = { by: "chief", byName: "王局", note: "立即处置" };
  const news = newsOfTicket(ticketStep("T1", 2, { action: "supervise", entry: by }));
  const items = news === null ? [] : planItems(news, [receiver()], PEOPLE, await testRules());
  const bundle = { receiver: "r", address: "", items };
  const zh = renderMessage(bundle, START, { language: "zh", offsetMinutes: 480, console: "https://c" });
  expect([zh.title, ...zh.lines]).toEqual([
    ...["【热点网格】督办 橙色", "塔山街道一村 PM2.5 局地热点", "请于 11-22 10:30 前响应", "王局：立即处置", "工单 T1"],
    "https://c/officer#/tickets/T1",
  ]);
  const en = renderMessage(bundle, START, { language: "en", offsetMinutes: 0, console: null });
  expect([en.title, ...en.lines]).toEqual([
    ...["[Hotgrid] Pressed from above orange", "PM2.5 local hotspot at 塔山街道一村", "respond by 11-22 02:30"],
    ...["王局：立即处置", "ticket T1"],
  ]);
  const both = renderMessage(bundle, START, { language: "both", offsetMinutes: 0, console: null });
  expect(both.title).toBe("【热点网格】督办 橙色 · [Hotgrid] Pressed from above orange");
});
