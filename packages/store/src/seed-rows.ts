import {
  Assignment,
  DIVISION_LEVELS,
  DivisionCode,
  divisionLevel,
  Officer,
  parentDivision,
  Station,
} from "@hotgrid/contracts";
import { z } from "zod";

const degrees = (limit: number) => z.string().min(1).pipe(z.coerce.number<string>().min(-limit).max(limit));
const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const DivisionRow = z
  .object({
    code: DivisionCode,
    name: z.string().min(1).max(64),
    level: z.enum(DIVISION_LEVELS),
    parent: z.string(),
    lon: degrees(180),
    lat: degrees(90),
    /** Where the point comes from; "published" ones can testify to a datum. */
    pointSource: z.string().max(32).default(""),
  })
  .refine((row) => row.level === divisionLevel(row.code), { path: ["level"], message: "not the level of this code" })
  .refine((row) => row.parent === (parentDivision(row.code) ?? ""), {
    path: ["parent"],
    message: "not the code's own prefix",
  });

export type DivisionRow = z.infer<typeof DivisionRow>;

export const StationRow = z
  .object({
    ...Station.shape,
    lon: degrees(180),
    lat: degrees(90),
    properties: z
      .string()
      .transform((text) => text.split(" "))
      .pipe(Station.shape.properties),
    intervalSeconds: z.coerce.number<string>().positive(),
  })
  .strip();

export const OfficerRow = Officer.strip();

export const AssignmentRow = z.object({
  ...Assignment.shape,
  from: instant,
  to: z.union([z.literal("").transform(() => null), instant]),
});

/** What to do about a wrong field. */
export const SEED_REMEDIES = {
  divisions: {
    code: "用统计用区划代码 Use the statistical division code of 6, 9 or 12 digits.",
    level: "按代码位数填写 6/9/12 Fill in city, county, town or village after the code's digits.",
    parent: "填写上级代码 Fill in the prefix of the code; empty for the city.",
    lon: "填写 WGS-84 经度 Give the longitude in WGS-84 degrees.",
    lat: "填写 WGS-84 纬度 Give the latitude in WGS-84 degrees.",
  },
  stations: {
    id: "站点编号限字母数字 Use 1 to 64 letters, digits, _ . -",
    properties: "因子用空格分隔 Separate the observed properties by blanks, e.g. `pm25 pm10`.",
    kind: "见术语表 Use micro, town, dust-site, dust-road, park-boundary, mobile or reference.",
  },
  officers: { phone: "最多 32 个字符 At most 32 characters." },
  assignments: {
    role: "填写 primary、deputy、maintenance 或 department Use primary, deputy, maintenance or department.",
    from: "带时区的 ISO 8601 Use ISO 8601 with an offset, e.g. 2026-01-01T00:00:00+08:00.",
    to: "带时区的 ISO 8601,或留空 Use ISO 8601 with an offset, or leave it empty for an open end.",
  },
} as const;
