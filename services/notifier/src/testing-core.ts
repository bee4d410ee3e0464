import type { News, Step, Subject } from "./core/news.ts";
import type { Item } from "./core/plan-items.ts";

/** A ticket of village 330602001001, held by officer A, at rest. */
export const testSubject = (changes: Partial<Subject> = {}): Subject => ({
  ...{ id: "T1", revision: 1, kind: "local", severity: "orange", division: "330602001001", state: "dispatched" },
  ...{
    observedProperties: ["pm25"],
    stationIds: ["S1"],
    officerId: "A",
    officerDivision: "330602001001",
    isOver: false,
  },
  title: { zh: "塔山街道一村 PM2.5 局地热点", en: "PM2.5 local hotspot at 塔山街道一村" },
  ...changes,
});

export const testNews = (step: Step, subject: Partial<Subject> = {}, at = 0): News => ({
  ...{ id: `${subject.id ?? "T1"}#1`, step, at, subject: testSubject(subject), due: null, by: null, note: "" },
});

export const testItem = (step: Step, subject: Partial<Subject> = {}, changes: Partial<Item> = {}): Item => {
  const news = testNews(step, subject);
  return {
    ...{
      id: `${news.id}/${step}/r`,
      receiver: "r",
      address: "",
      group: `r//${news.subject.division}`,
      news,
      mentions: [],
      repeats: 0,
    },
    ...changes,
  };
};
