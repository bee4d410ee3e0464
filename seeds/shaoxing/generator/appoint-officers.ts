import type { Assignment, Officer } from "@hotgrid/contracts";
import type { Division } from "@hotgrid/grid";

/** Common family and given names, put together at random: nobody is meant. */
const FAMILY = [..."陈王张李沈金徐俞章胡孙周朱钱潘郑吴何赵杨许傅宋谢董冯丁朱陶马"];
const GIVEN = [
  ..."建国 志强 国平 海燕 丽萍 伟明 小红 水根 阿根 文斌 晓峰 永刚 美娟 雪芬 国良 佳敏 浩然 秋萍 春华 月琴".split(" "),
  ..."志明 立新 军 敏 静 勇 杰 娟 涛 斌 霞 飞 玲 琴 燕".split(" "),
];

/** 2026-01-01T00:00+08:00, epoch ms: the first term of the invented officers. */
const TERM_FROM = Date.parse("2026-01-01T00:00:00+08:00");

export interface Appointments {
  readonly officers: readonly Officer[];
  readonly assignments: readonly Assignment[];
}

/** The city's maintenance vendor, invented; the officer who answers for it. */
const VENDOR = "运维陈工(清越环境)";

/** Agencies of a county to which a ticket may be transferred, by the letters of their ids: 综合执法 (urban management), 住建
 *  (construction). Their duty desks, invented. */
const DEPARTMENTS = { ZF: "综合执法局值班室(虚构)", ZJ: "住建局值班室(虚构)" } as const;

/** A primary for every division, a deputy for every town, county and city, a maintenance vendor for the city,
 *  and departments for every county. */
export function appointOfficers(divisions: readonly Division[], random: () => number): Appointments {
  const officers: Officer[] = [];
  const assignments: Assignment[] = [];
  const appoint = (id: string, division: string, role: Assignment["role"], name = inventName(random)): void => {
    officers.push({ id, name, phone: inventPhone(officers.length + 1) });
    assignments.push({ officerId: id, division, role, from: TERM_FROM, to: null });
  };
  for (const { code } of divisions) appoint(`O-${code}`, code, "primary");
  for (const { code, level } of divisions) if (level !== "village") appoint(`O-${code}-D`, code, "deputy");
  for (const { code, level } of divisions) if (level === "city") appoint(`M-${code}`, code, "maintenance", VENDOR);
  for (const { code, level } of divisions)
    if (level === "county")
      for (const [id, name] of Object.entries(DEPARTMENTS)) appoint(`${id}-${code}`, code, "department", name);
  return { officers, assignments };
}

const inventName = (random: () => number): string => pick(FAMILY, random) + pick(GIVEN, random);

const pick = (list: readonly string[], random: () => number): string => list[Math.floor(random() * list.length)] ?? "";

/** 154 is allotted to no operator, so that these numbers ring nowhere. */
const inventPhone = (index: number): string => `1540000${String(index).padStart(4, "0")}`;
